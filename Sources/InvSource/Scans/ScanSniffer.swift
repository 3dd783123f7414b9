import InvBytes
import InvSystem

/// Tells scans by their first record.
enum ScanSniffer {
  /// The format of a scan that begins with `front`.
  static func format(of front: ArraySlice<UInt8>) -> SourceFormat? {
    let bytes = Array(front) + [UInt8](repeating: newline, count: TextWindow.slack)
    let text = bytes.raw
    if isFind(text, front.count) { return .find }
    var at = 0
    while at < front.count {
      let end = text.place(of: newline, at, front.count)
      if end > at && ScanMessage(text, at, end) == nil {
        if isLine(text, at, end, .gpfs) { return .gpfs }
        return isLine(text, at, end, .lustre) ? .lustre : nil
      }
      at = end + 1
    }
    return nil
  }

  /// Whether a line has numbers, words with `=` and a path from the root.
  private static func isLine(_ text: RawSpan, _ start: Int, _ end: Int, _ names: ScanNames) -> Bool
  {
    var row = ScanRow()
    let path = names.read(text, start, end, &row, .utc)
    return path >= 0 && path < end && text.u8(at: path) == 0x2f
  }

  private static func isFind(_ text: RawSpan, _ count: Int) -> Bool {
    guard let template = try? ScanTemplate(ScanFormat.find) else { return false }
    let end = text.place(of: 0, 0, count)
    guard end < count else { return false }
    var row = ScanRow()
    return template.walk(text, 0, end, &row, .utc) >= 0
  }
}
