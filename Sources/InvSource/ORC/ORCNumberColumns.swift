import InvBytes
import InvSystem

/// A column of integers, or of dates.
final class ORCIntegerColumn: ORCColumn {
  private var presence: ORCPresence
  private var integers: ORCIntegers
  /// What a value is multiplied by, and the values that may be.
  private let unit: Int64
  private let range: ClosedRange<Int64>
  private let data: ORCStream

  /// Integers; of dates, which are days since 1970, the first second of each.
  init(_ streams: ORCColumnStreams, isDate: Bool) throws(Failure) {
    presence = ORCPresence(streams.present)
    data = streams.data
    integers = ORCIntegers(data, isSecond: try streams.isSecond(), isSigned: true)
    unit = isDate ? 86_400 : 1
    range = isDate ? Int64(Int32.min)...Int64(Int32.max) : Int64.min...Int64.max
  }

  func read(_ rows: Int, into vector: inout ColumnVector) throws(Failure) {
    let count = try presence.read(rows, to: &vector.present)
    try integers.read(count, into: &vector.integers)
    if unit != 1 {
      for place in vector.integers.indices {
        guard range.contains(vector.integers[place]) else { throw data.fault("a day out of range") }
        vector.integers[place] *= unit
      }
    }
    ORCPresence.spread(&vector.integers, to: vector.present, absent: 0)
  }

  func finish() throws(Failure) {
    try presence.finish()
    try integers.finish()
  }
}

/// A column of booleans.
final class ORCBooleanColumn: ORCColumn {
  private var presence: ORCPresence
  private var bits: ORCBooleans
  private var flags: [UInt8] = []

  init(_ streams: ORCColumnStreams) {
    presence = ORCPresence(streams.present)
    bits = ORCBooleans(streams.data)
  }

  func read(_ rows: Int, into vector: inout ColumnVector) throws(Failure) {
    let count = try presence.read(rows, to: &vector.present)
    flags.removeAll(keepingCapacity: true)
    _ = try bits.read(count, to: &flags)
    vector.integers.append(contentsOf: flags.lazy.map { Int64($0) })
    ORCPresence.spread(&vector.integers, to: vector.present, absent: 0)
  }

  func finish() throws(Failure) {
    try presence.finish()
    try bits.finish()
  }
}

/// A column of integers of one byte.
final class ORCByteColumn: ORCColumn {
  private var presence: ORCPresence
  private var runs: ORCByteRuns
  private var bytes: [UInt8] = []

  init(_ streams: ORCColumnStreams) {
    presence = ORCPresence(streams.present)
    runs = ORCByteRuns(streams.data)
  }

  func read(_ rows: Int, into vector: inout ColumnVector) throws(Failure) {
    let count = try presence.read(rows, to: &vector.present)
    bytes.removeAll(keepingCapacity: true)
    try runs.read(count, to: &bytes)
    vector.integers.append(contentsOf: bytes.lazy.map { Int64(Int8(bitPattern: $0)) })
    ORCPresence.spread(&vector.integers, to: vector.present, absent: 0)
  }

  func finish() throws(Failure) {
    try presence.finish()
    try runs.finish()
  }
}

/// A column of numbers of IEEE 754, of four or eight bytes.
final class ORCRealColumn: ORCColumn {
  private var presence: ORCPresence
  private let data: ORCStream
  private let width: Int
  private var bytes: [UInt8] = []

  init(_ streams: ORCColumnStreams, width: Int) {
    presence = ORCPresence(streams.present)
    data = streams.data
    self.width = width
  }

  func read(_ rows: Int, into vector: inout ColumnVector) throws(Failure) {
    let count = try presence.read(rows, to: &vector.present)
    bytes.removeAll(keepingCapacity: true)
    try data.move(count * width, to: &bytes)
    let bytes = bytes
    let raw = bytes.raw
    for place in 0..<count {
      vector.reals.append(
        width == 4
          ? Double(Float(bitPattern: raw.u32(at: place * 4)))
          : Double(bitPattern: raw.u64(at: place * 8)))
    }
    ORCPresence.spread(&vector.reals, to: vector.present, absent: 0)
  }

  func finish() throws(Failure) {
    try presence.finish()
    try data.finish()
  }
}
