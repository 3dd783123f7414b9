import InvBytes
import InvSystem

/// Who made the rows and from what: the lines of maker frames, at most 4 MiB of them, each frame once.
public struct Makers: Sendable {
  static let limit = 4 << 20
  /// A longer frame goes on in another.
  static let frameLimit = 1 << 20

  /// The frames as text, which takes a fifth of what `Fields` do.
  private(set) var texts: [[UInt8]] = []
  private var whole: Set<[UInt8]> = []
  private var room: Int
  private var leftOut: UInt64 = 0

  public init() { self.init(limit: Self.limit) }

  init(limit: Int) { room = limit }

  /// Adds a frame behind those that are there; lines that there is no room for are only counted.
  public mutating func add(_ maker: Fields) {
    let encoded = maker.encoded
    guard !whole.contains(encoded) else { return }
    if encoded.count <= min(room, Self.frameLimit), maker["left-out"] == nil {
      room -= encoded.count
      whole.insert(encoded)
      texts.append(encoded)
      return
    }
    var text: [UInt8] = []
    for line in maker.lines {
      if line.name == "left-out", let number = line.parts.first.flatMap(UInt64.init(decimal:)) {
        leftOut = leftOut.addingReportingOverflow(number).partialValue
        continue
      }
      let start = text.count
      line.append(to: &text)
      let length = text.count - start
      if length > room {
        text.removeLast(length)
        leftOut += 1
      } else {
        room -= length
        if text.count > Self.frameLimit, start > 0 {
          texts.append(Array(text[..<start]))
          text.removeFirst(start)
        }
      }
    }
    if !text.isEmpty { texts.append(text) }
  }

  /// The payloads of the frames to be written.
  var payloads: [[UInt8]] {
    guard leftOut > 0 else { return texts }
    var last = Fields()
    last.add("left-out", leftOut)
    return texts + [last.encoded]
  }
}

extension Fields {
  /// The first lines of the frame of a maker.
  ///
  /// Of URLs only what is before a `?`: behind it may be a signature, and what is made is for others.
  public init(maker tool: String, command: [[UInt8]]) {
    self.init()
    add("tool", tool)
    add("command", parts: command.map(Self.withoutQuery))
  }

  private static func withoutQuery(_ argument: [UInt8]) -> [UInt8] {
    let lower = String(decoding: argument.prefix(8), as: UTF8.self).lowercased()
    guard lower.hasPrefix("http://") || lower == "https://" else { return argument }
    return Array(argument.prefix { $0 != 0x3f })
  }
}

extension FrameWriter {
  func write(_ makers: Makers) throws(Failure) {
    for payload in makers.payloads {
      var frame = FrameBytes(payload: payload)
      frame.seal(.maker)
      try write(frame)
    }
  }
}
