public import InvBytes

/// A minimal perfect hash with its slot table: the position of a key among all keys of an index:
/// inv-index(5), "mph.bin" and "mph_pos.bin".
///
/// It has an answer for some keys that are not there as well, so whoever asks compares the key of
/// that position with its own, and checks first that the position is below `count`.
@safe public struct PerfectHash: @unchecked Sendable {
  public let count: UInt64
  let partitions: UInt64
  let positionBits: UInt64
  let fingerprintMask: UInt64
  let positionMask: UInt64
  let width: UInt64
  let hash: UnsafeRawPointer
  let directory: UnsafeRawPointer
  let table: UnsafeRawPointer

  /// The contents of mph.bin and mph_pos.bin behind their headers, which must stay where they are,
  /// and as they are, for as long as this value is used.
  ///
  /// Checks all that looking up rests on, in time that grows with the number of partitions.
  public init(hash: UnsafeRawBufferPointer, slots: UnsafeRawBufferPointer) throws(FormatError) {
    let bytes = unsafe RawSpan(_unsafeBytes: hash)
    let header: PerfectHashHeader
    do throws(FormatError) { header = try PerfectHashHeader(bytes) } catch {
      throw FormatError("mph.bin: \(error.what)", at: error.at)
    }
    guard let length = header.tableLength, length == slots.count else {
      throw FormatError("mph_pos.bin: the slot table has \(slots.count) bytes", at: 0)
    }
    do throws(FormatError) { try header.checkEnd(unsafe RawSpan(_unsafeBytes: slots)) } catch {
      throw FormatError("mph_pos.bin: \(error.what)", at: error.at)
    }
    do throws(FormatError) { try header.checkDirectory(bytes) } catch {
      throw FormatError("mph.bin: \(error.what)", at: error.at)
    }
    guard let hashStart = hash.baseAddress, let tableStart = slots.baseAddress else {
      throw FormatError("the perfect hash is empty", at: 0)
    }
    count = header.count
    partitions = UInt64(header.partitions)
    positionBits = UInt64(header.positionBits)
    positionMask = (1 << UInt64(header.positionBits)) - 1
    fingerprintMask = (1 << UInt64(header.fingerprintBits)) - 1
    width = UInt64(header.width)
    unsafe self.hash = hashStart
    unsafe directory = hashStart + header.directory(in: hash.count)
    unsafe table = tableStart
  }

  /// The position of the key with that hash, or nil when there is none; of a key that is not there
  /// it may be any number.
  @inline(__always)
  public func position(of hash: KeyHash) -> UInt64? {
    let position = entry(slot(pilot(of: hash)), hash)
    return position == Self.absent ? nil : position
  }
}

extension PerfectHashHeader {
  /// Reads the header.
  init(_ bytes: RawSpan) throws(FormatError) {
    guard bytes.byteCount >= Self.size else {
      throw FormatError("the perfect hash ends within its header", at: UInt64(bytes.byteCount))
    }
    count = bytes.u64(at: 0)
    partitions = bytes.u32(at: 8)
    positionBits = Int(bytes.u8(at: 12))
    fingerprintBits = Int(bytes.u8(at: 13))
    for at in 14..<Self.size where bytes.u8(at: at) != 0 {
      throw FormatError("reserved byte is not 0: made by a newer inv", at: UInt64(at))
    }
    guard positionBits == Self.positionBits(count) else {
      throw FormatError("positions of \(positionBits) bits for \(count) keys", at: 12)
    }
    guard width <= Self.widthLimit else {
      throw FormatError("slot entries of \(width) bits", at: 13)
    }
    let room = (bytes.byteCount - Self.size) / PerfectHashPartition.size
    guard partitions > 0, UInt64(partitions) <= UInt64(room) else {
      throw FormatError("\(partitions) partitions do not fit in the file", at: 8)
    }
  }

  /// Checks that what follows the last entry of the slot table is 0.
  func checkEnd(_ table: RawSpan) throws(FormatError) {
    let end = table.byteCount - 8
    let used = (count * UInt64(width)) % 8
    guard table.u64(at: end) == 0, used == 0 || table.u8(at: end - 1) >> UInt8(used) == 0 else {
      throw FormatError("the slot table does not end in 0", at: UInt64(end))
    }
  }

  /// Where the directory begins in a file of `length` bytes: it ends where the file does.
  func directory(in length: Int) -> Int {
    length - Int(partitions) * PerfectHashPartition.size
  }

  /// Checks that the partitions lie one behind another and have all keys.
  func checkDirectory(_ bytes: RawSpan) throws(FormatError) {
    let directory = directory(in: bytes.byteCount)
    var (keys, offset) = (UInt64(0), UInt64(Self.size))
    for number in 0..<Int(partitions) {
      let at = directory + number * PerfectHashPartition.size
      let partition = PerfectHashPartition(bytes, at: at)
      guard partition.first == keys, partition.offset == offset else {
        throw FormatError("partition \(number) does not begin behind the last", at: UInt64(at))
      }
      guard partition.buckets > 0, partition.slots > 0, partition.slots >= partition.keys else {
        throw FormatError("partition \(number) has too few buckets or slots", at: UInt64(at))
      }
      offset += partition.length
      keys += UInt64(partition.keys)
      guard offset <= UInt64(directory), keys <= count else {
        throw FormatError("partition \(number) does not fit in the file", at: UInt64(at))
      }
    }
    guard keys == count else { throw FormatError("the partitions have \(keys) keys", at: 0) }
    guard UInt64(directory) == (offset + 63) / 64 * 64 else {
      throw FormatError("there are bytes between partitions and directory", at: offset)
    }
    for at in Int(offset)..<directory where bytes.u8(at: at) != 0 {
      throw FormatError("reserved byte is not 0: made by a newer inv", at: UInt64(at))
    }
  }

  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.size)
    bytes.put(count, at: 0)
    bytes.put(partitions, at: 8)
    bytes[12] = UInt8(positionBits)
    bytes[13] = UInt8(fingerprintBits)
    return bytes
  }
}

extension PerfectHashPartition {
  /// How many bytes its pilots and its remap table take.
  var length: UInt64 { UInt64(buckets) + 4 * UInt64(slots - keys) }

  /// Reads the entry of the directory at `at`.
  init(_ bytes: RawSpan, at: Int) {
    first = bytes.u64(at: at)
    offset = bytes.u64(at: at + 8)
    keys = bytes.u32(at: at + 16)
    buckets = bytes.u32(at: at + 20)
    slots = bytes.u32(at: at + 24)
    seed = bytes.u32(at: at + 28)
  }

  /// Adds the entry to a directory.
  func write(to bytes: inout [UInt8]) {
    bytes.append(littleEndian: first)
    bytes.append(littleEndian: offset)
    bytes.append(littleEndian: keys)
    bytes.append(littleEndian: buckets)
    bytes.append(littleEndian: slots)
    bytes.append(littleEndian: seed)
  }
}
