import InvBytes

/// A key that is being looked up, and what is known of it so far.
@safe struct Lookup: BitwiseCopyable {
  var key: UnsafeRawPointer
  var length: Int
  var hash: KeyHash
  var pilot: PerfectHash.Pilot
  /// A slot, and then a position.
  var place: UInt64
  var range: (from: UInt64, to: UInt64)
  var objects: IndexColumn.Place
  var bytes: IndexColumn.Place
  var match: PrefixMatch
}

/// Memory for looking keys up together; what is there at first is nothing.
@safe struct LookupRoom {
  let keys: UnsafeMutablePointer<Lookup>
  /// The numbers of the keys that are still in question, and of those that are being compared.
  let present: UnsafeMutablePointer<Int>
  let open: UnsafeMutablePointer<Int>
  let numbers: UnsafeMutableRawPointer
  /// At most 32 of each key, and one that is written and not used.
  let pieces: UnsafeMutablePointer<PrefixPiece>

  /// Runs `body` with room for `count` keys.
  @inline(__always)
  static func with(
    _ count: Int, _ body: (LookupRoom) throws(FormatError) -> Void
  ) throws(FormatError) {
    var failure: FormatError?
    let words = PrefixMatch.numbers / 8 + 2
    let most = count * 32 + 1
    unsafe withUnsafeTemporaryAllocation(of: Lookup.self, capacity: count) { keys in
      unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count * words) { numbers in
        unsafe withUnsafeTemporaryAllocation(of: PrefixPiece.self, capacity: most) { pieces in
          guard let keys = keys.baseAddress, let numbers = numbers.baseAddress,
            let pieces = pieces.baseAddress
          else { return }
          let present = unsafe UnsafeMutableRawPointer(numbers).assumingMemoryBound(to: Int.self)
          let room = unsafe LookupRoom(
            keys: keys, present: present, open: present + count, numbers: numbers + 2 * count,
            pieces: pieces)
          do throws(FormatError) { try body(room) } catch { failure = error }
        }
      }
    }
    if let failure { throw failure }
  }
}
