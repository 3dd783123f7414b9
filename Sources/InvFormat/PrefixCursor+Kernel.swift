public import InvBytes

/// Reads prefixes mostly in order.
@safe public final class PrefixCursor {
  /// What changes lies behind a pointer: it is touched for every prefix, and by no two calls at once.
  private struct State {
    var block: PrefixStrings.Block?
    var position = -1
    var place = 0
    var prefix: [UInt8] = []
  }

  private let strings: PrefixStrings
  private let state: UnsafeMutablePointer<State>

  public init(_ strings: PrefixStrings) {
    self.strings = strings
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: State())
  }

  deinit {
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
  }

  /// The prefix that was read last.
  public var prefix: [UInt8] { unsafe state.pointee.prefix }

  /// Goes to `position` and reads the prefix there.
  public func move(to position: Int) throws(FormatError) {
    let size = PrefixStrings.blockSize
    if strings.areRaw {
      unsafe try strings.read(position, into: &state.pointee.prefix)
      return
    }
    guard position >= 0, position < strings.count else { throw strings.fault(position / size) }
    let last = unsafe state.pointee.position
    if unsafe state.pointee.block == nil || position <= last || position / size != last / size {
      if position == last { return }
      unsafe state.pointee.block = try strings.block(position / size)
      unsafe state.pointee.position = position / size * size - 1
      unsafe state.pointee.place = 0
      unsafe state.pointee.prefix.removeAll(keepingCapacity: true)
    }
    guard let block = unsafe state.pointee.block else { return }
    while unsafe state.pointee.position < position {
      // Where that fails, this goes on to stand where it was.
      unsafe _ = try strings.step(
        to: state.pointee.position + 1, in: block, place: &state.pointee.place,
        &state.pointee.prefix)
      unsafe state.pointee.position += 1
    }
  }
}
