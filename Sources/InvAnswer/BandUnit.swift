public import InvFormat
import InvText

/// What the edges of bands count, and how people write it.
public enum BandUnit: Sendable {
  case bytes, days

  /// The unit of a dimension; nil when it has no bands.
  public init?(_ dimension: Dimension) {
    guard case .band(_, let unknown) = dimension.axis else { return nil }
    self = unknown ? .days : .bytes
  }

  /// `128 KiB`, `1000 B`, `90d`, `2y`: exactly.
  public func text(_ edge: UInt64) -> String {
    switch self {
    case .bytes:
      let power = edge == 0 ? 0 : min(edge.trailingZeroBitCount / 10, 6)
      return "\(edge >> UInt64(10 * power)) "
        + ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][power]
    case .days: return edge > 0 && edge % 365 == 0 ? "\(edge / 365)y" : "\(edge)d"
    }
  }

  /// Reads a size, or `90d`, `6w`, `6mo`, `1y` and `0`; nil is any other text.
  ///
  /// A year has 365 days and so have twelve months; a month beyond whole years has 30.
  public func value(_ text: String) -> UInt64? {
    switch self {
    case .bytes: return HumanSize.bytes(text.filter { $0 != " " })
    case .days:
      guard text != "0" else { return 0 }
      let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
      guard let number = UInt64(String(Substring(digits))) else { return nil }
      switch text.dropFirst(digits.count) {
      case "d": return number
      case "w": return UInt64(exactly: UInt128(number) * 7)
      case "mo": return UInt64(exactly: UInt128(number / 12) * 365 + UInt128(number % 12) * 30)
      case "y", "yr", "yrs": return UInt64(exactly: UInt128(number) * 365)
      default: return nil
      }
    }
  }

  /// What `value` reads, for messages.
  var expectation: String {
    switch self {
    case .bytes: "a size such as 128KiB"
    case .days: "an age such as 90d, 6w or 1y"
    }
  }
}

extension Dimension {
  /// The name of value `index` for people, as selections read it too: a state, a word, `90d..180d`.
  ///
  /// `words` are those of this dimension.
  public func name(_ index: Int, words: [[UInt8]]) -> [UInt8] {
    switch axis {
    case .state: return Array(label(index).utf8)
    case .word: return words.indices.contains(index) ? words[index] : [0x3f]
    case .band(let edges, let unknown):
      guard edges.indices.contains(index) else { return Array("unknown".utf8) }
      let unit: BandUnit = unknown ? .days : .bytes
      let low = unit.text(edges[index])
      guard index + 1 < edges.count else { return Array("\(low)..".utf8) }
      // A band of one value is that value.
      if edges[index + 1] - edges[index] == 1 { return Array(low.utf8) }
      return Array("\(low)..\(unit.text(edges[index + 1]))".utf8)
    }
  }

  /// The names of all values.
  public func names(words: [[UInt8]]) -> [[UInt8]] {
    (0..<(size ?? words.count)).map { name($0, words: words) }
  }
}
