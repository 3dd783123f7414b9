public import InvSystem

/// The parts of a scan that lies in a file as it reads: stretches of it that end with a record.
public enum ScanParts {
  /// About so long is a part of a file of `size` bytes: of a large one there are many, so that no thread
  /// waits long for the last.
  static func length(_ size: UInt64) -> UInt64 { min(max(size / 64, 8 << 20), 64 << 20) }

  /// Cuts what `file` holds from `start` on into parts of `length` bytes and what is missing to the end of
  /// a record then; nothing is cut where all is shorter.
  public static func cut(
    _ file: SeekableFile, from start: UInt64 = 0, _ format: ScanFormat, length: UInt64? = nil
  ) throws(Failure) -> [Range<UInt64>] {
    guard start < file.size else { return [] }
    let length = length ?? Self.length(file.size - start)
    var parts: [Range<UInt64>] = []
    var begin = start
    while file.size - begin > length {
      // A record that ends just before the cut leaves it where it is.
      guard let end = try end(of: format.terminator, in: file, from: begin + length - 1) else {
        break
      }
      if end == file.size { break }
      parts.append(begin..<end)
      begin = end
    }
    return parts + [begin..<file.size]
  }

  /// The place behind the first `terminator` at or after `start`.
  private static func end(of terminator: UInt8, in file: SeekableFile, from start: UInt64)
    throws(Failure) -> UInt64?
  {
    var bytes: [UInt8] = []
    var at = start
    var count: UInt64 = 1 << 12
    while at < file.size {
      count = min(count, file.size - at)
      try file.read(at: at, count: Int(count), into: &bytes)
      if let place = bytes.firstIndex(of: terminator) { return at + UInt64(place) + 1 }
      at += count
      count = min(count * 2, 1 << 20)
    }
    return nil
  }
}
