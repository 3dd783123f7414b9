public import InvSystem

/// A bar on standard error that shows how far the work is, if a person is looking; gone at its end.
///
/// In a program that inv-build has started it tells inv-build, which has the only bar.
public struct ProgressBar: ~Copyable {
  private let terminal: Descriptor
  private let isShown: Bool
  private let isTold: Bool
  private let label: String
  private let start = Machine.clock
  private var lastDrawn = -Double.infinity
  private var hasTotal = false

  /// Draws nothing on what is not a terminal.
  public init(on terminal: consuming Descriptor = .standardError, label: String = "") {
    self.label = label
    if let link = BuildLink.descriptor {
      (isShown, isTold) = (false, true)
      self.terminal = link
    } else {
      (isShown, isTold) = (terminal.isTerminal, false)
      self.terminal = terminal
    }
  }

  deinit {
    if isShown && lastDrawn >= 0 { draw("") }
  }

  /// Shows that `done` of `total` is done, and how fast `rows` came; cheap to call often, draws ten
  /// times a second.
  ///
  /// As long as no total but 0 is known, only the rows are shown.
  public mutating func update(done: UInt64, total: UInt64, rows: UInt64 = 0) {
    guard isShown || isTold, total > 0 || (rows > 0 && !hasTotal) else { return }
    hasTotal = total > 0
    let now = Machine.clock
    guard now - lastDrawn >= 0.1 else { return }
    lastDrawn = now
    if isTold {
      // inv-build is seen to be gone elsewhere.
      try? terminal.write(Array("\(done) \(total) \(rows)\n".utf8))
    } else if total == 0 {
      draw(label + Self.count(rows, seconds: now - start))
    } else {
      let share = Double(min(done, total)) / Double(total)
      draw(label + Self.bar(share) + Self.pace(share, rows: rows, seconds: now - start))
    }
  }

  private func draw(_ line: String) {
    // A bar that cannot be drawn is no reason to stop the work.
    try? terminal.write(Array("\r\(line)\u{1b}[K".utf8))
  }

  /// "[##########..............................]  25 %"
  static func bar(_ share: Double) -> String {
    let length = Int(share * 40)
    let percent = "\(Int(share * 100))"
    return "[" + String(repeating: "#", count: length)
      + String(repeating: ".", count: 40 - length) + "] "
      + String(repeating: " ", count: 3 - percent.utf8.count) + percent + " %"
  }

  /// "12345678 rows 3.1 M rows/s"; the rate not in the first second.
  static func count(_ rows: UInt64, seconds: Double) -> String {
    "\(rows) rows" + (seconds < 1 ? "" : rate(rows, seconds))
  }

  private static func rate(_ rows: UInt64, _ seconds: Double) -> String {
    let rate = Double(rows) / seconds
    let text =
      rate < 1e6 ? decimal(rate / 1e3, places: 0) + " k" : decimal(rate / 1e6, places: 1) + " M"
    return " \(text) rows/s"
  }

  /// " 3.1 M rows/s 0:42 left"; nothing in the first second.
  static func pace(_ share: Double, rows: UInt64, seconds: Double) -> String {
    guard seconds >= 1, share > 0 else { return "" }
    var text = ""
    if rows > 0 {
      text = rate(rows, seconds)
    }
    let left = Int(min(seconds / share - seconds, 359_999).rounded(.up))
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
    let minutes = left / 60 % 60
    let time = left < 3600 ? "\(minutes):" : "\(left / 3600):\(two(minutes)):"
    return text + " \(time)\(two(left % 60)) left"
  }
}
