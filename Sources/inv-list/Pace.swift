import InvSystem

/// How many requests may be on their way: half as many when the server is busy, slowly more again.
struct Pace {
  private let width: Double
  private var room: Double
  private var lastCut = -Double.infinity

  init(_ width: Int) {
    self.width = Double(width)
    room = Double(width)
  }

  var limit: Int { max(1, Int(room)) }

  /// An answer came.
  mutating func gain() { room = min(width, room + 0.5 / room) }

  /// The server was busy; the answers to what was sent before that was known say nothing new.
  mutating func cut(at now: Double) {
    guard now - lastCut > 0.5 else { return }
    lastCut = now
    room = max(1, room / 2)
  }
}
