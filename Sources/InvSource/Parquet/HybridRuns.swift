import InvBytes

/// Small integers in Parquet's hybrid of runs of the same and runs of packed bits, read as they are
/// asked for.
struct HybridRuns {
  /// What is not read yet is `page[position..<end]`, after the present run.
  private var position: Int
  private let end: Int
  private let width: Int
  /// How much is left of the present run.
  private var left = 0
  /// The value of a run of the same; where a run of packed bits goes on.
  private var value: UInt32 = 0
  private var bit: Int?

  /// The integers of `width` bits, at most 32, in `page[range]`, behind which 8 bytes can be read.
  init(_ range: Range<Int>, width: Int) {
    precondition(width >= 0 && width <= 32)
    position = range.lowerBound
    end = range.upperBound
    self.width = width
    // Nothing needs to be stored for what can have one value only.
    if width == 0 { left = .max }
  }

  /// Takes `count` integers if all of them are `wanted` in the present run; false when they are not.
  mutating func take(_ count: Int, of wanted: UInt32, _ page: RawSpan) throws(FormatError) -> Bool {
    if left == 0 && count > 0 { try nextRun(page) }
    guard bit == nil, left >= count, value == wanted else { return false }
    left -= count
    return true
  }

  /// Appends `count` integers to `values`, which hold bytes or more; the greatest.
  mutating func append<Value: FixedWidthInteger & UnsignedInteger>(
    _ count: Int, to values: inout [Value], _ page: RawSpan
  ) throws(FormatError) -> UInt32 {
    var greatest: UInt32 = 0
    var rest = count
    while rest > 0 {
      if left == 0 { try nextRun(page) }
      let some = min(rest, left)
      if let bit {
        let most = appendBits(page, at: bit, width: width, count: some, to: &values)
        greatest = max(greatest, most)
        self.bit = bit + some * width
      } else {
        values.append(contentsOf: repeatElement(Value(truncatingIfNeeded: value), count: some))
        greatest = max(greatest, value)
      }
      left -= some
      rest -= some
    }
    return greatest
  }

  private mutating func nextRun(_ page: RawSpan) throws(FormatError) {
    while left == 0 {
      let header = try varint(page)
      let count = Int(header >> 1)
      if header & 1 == 0 {
        let bytes = (width + 7) / 8
        guard bytes <= end - position else { throw fault("a run ends too early") }
        value = UInt32(truncatingIfNeeded: page.u64(at: position) & (1 << (8 * UInt64(bytes)) - 1))
        bit = nil
        position += bytes
        left = count
      } else {
        // Groups of 8; of the last, writers may leave out what nobody asks for.
        let bytes = min(count * width, end - position)
        bit = position * 8
        position += bytes
        left = min(count * 8, bytes * 8 / width)
        guard left > 0 || count == 0 else { throw fault("a run ends too early") }
      }
    }
  }

  private mutating func varint(_ page: RawSpan) throws(FormatError) -> UInt32 {
    guard let value = UInt32(exactly: try page.varint(at: &position, before: end)) else {
      throw fault("a run of more than 32 bits")
    }
    return value
  }

  private func fault(_ what: String) -> FormatError { FormatError(what, at: UInt64(position)) }
}
