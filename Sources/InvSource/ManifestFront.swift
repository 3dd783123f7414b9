/// Tells manifests from data files by what they begin with.
public enum ManifestFront {
  /// No more is looked at.
  public static let reach = FormatSniffer.reach

  /// Whether a file that begins with `front` may be a manifest: an object of JSON, but none that a listing
  /// is known to begin with. So may an empty one.
  public static func mayBegin(_ front: ArraySlice<UInt8>) -> Bool {
    var front = front
    if front.starts(with: [0xef, 0xbb, 0xbf]) { front = front.dropFirst(3) }
    let text = front.drop { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
    guard let first = text.first else { return true }
    return first == 0x7b && FormatSniffer.json(Array(text)).count != 1
  }
}
