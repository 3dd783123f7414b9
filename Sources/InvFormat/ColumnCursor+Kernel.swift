public import InvBytes

/// Reads a column often in order: a block is unpacked, and kept, when a second value of it is read.
@safe public final class ColumnCursor {
  /// What changes lies behind a pointer: it is touched for every value, and by no two calls at once.
  private struct State {
    /// The block that is unpacked, and the one that one value was read of.
    var block = Int.min
    var candidate = Int.min
  }

  public let column: IndexColumn
  private let values: UnsafeMutablePointer<UInt64>
  private let state: UnsafeMutablePointer<State>

  public init(_ column: IndexColumn) {
    self.column = column
    unsafe values = .allocate(capacity: IndexColumn.blockSize)
    unsafe values.initialize(repeating: 0, count: IndexColumn.blockSize)
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: State())
  }

  deinit {
    unsafe values.deallocate()
    unsafe state.deallocate()
  }

  /// Value `index`.
  @inline(__always)
  public func value(_ index: Int) throws(FormatError) -> UInt64 {
    let block = index &>> 7
    if unsafe block != state.pointee.block || index >= column.count {
      if unsafe block != state.pointee.candidate {
        unsafe state.pointee.candidate = block
        return try column.value(index)
      }
      try load(index)
    }
    return unsafe values[index & 127]
  }

  @inline(never)
  private func load(_ index: Int) throws(FormatError) {
    guard index < column.count else {
      throw FormatError("\(column.name): there is no value \(index)", at: 0)
    }
    unsafe state.pointee.block = .min
    unsafe _ = try column.unpack(index >> 7, into: values)
    unsafe state.pointee.block = index >> 7
  }

  /// The same as a signed number; absent values are `absentInt`.
  public func signed(_ index: Int) throws(FormatError) -> Int64 {
    Int64(bitPattern: try value(index))
  }
}
