import InvBytes

extension KeyDecoder {
  /// Prepares the key at `place` of `text`, behind which 32 bytes can be read; one that `choice` does not
  /// want is dropped. Everything is wanted where it is nil. Only the key of the root is empty.
  @inline(__always)
  mutating func prepare(
    _ text: RawSpan, _ place: WordCache.Field, _ choice: RowChoice?, isRoot: Bool = false
  ) -> RowVerdict {
    let verdict = prepare(text, place.start, place.count, isRoot: isRoot)
    guard verdict == .counted, let choice else { return verdict }
    join()
    let wish = choice.verdict(joined, joinedCount)
    if wish != .counted { drop() }
    return wish
  }
}

/// The key of a directory, which may come without the slash at its end.
struct FolderKey {
  /// The key, and room behind it as a decoder needs it.
  private(set) var bytes: [UInt8] = []
  private var count = 0

  var place: WordCache.Field { WordCache.Field(start: 0, count: count) }

  /// Takes the key at `place` of `text`; false when it is too long for any.
  mutating func take(_ text: RawSpan, _ place: WordCache.Field) -> Bool {
    if place.count > KeyDecoder.encodedLimit { return false }
    bytes.removeAll(keepingCapacity: true)
    bytes.append(text.extracting(place.start..<place.start + place.count))
    if place.count > 0 && bytes.last != 0x2f { bytes.append(0x2f) }
    count = bytes.count
    bytes += repeatElement(0, count: TextWindow.slack)
    return true
  }
}
