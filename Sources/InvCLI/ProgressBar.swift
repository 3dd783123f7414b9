public import InvSystem

/// A bar on standard error that shows how far the work is, if a person is looking; gone at its end.
public struct ProgressBar: ~Copyable {
  private let terminal: Descriptor
  private let isShown: Bool
  private var lastDrawn = -Double.infinity

  /// Draws nothing on what is not a terminal.
  public init(on terminal: consuming Descriptor = .standardError) {
    isShown = terminal.isTerminal
    self.terminal = terminal
  }

  deinit {
    if lastDrawn >= 0 { draw("") }
  }

  /// Shows that `done` of `total` is done; cheap to call often, draws ten times a second.
  public mutating func update(done: UInt64, total: UInt64) {
    guard isShown && total > 0 else { return }
    let now = Machine.clock
    guard now - lastDrawn >= 0.1 else { return }
    lastDrawn = now
    draw(Self.bar(Double(min(done, total)) / Double(total)))
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
}
