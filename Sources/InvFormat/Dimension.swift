import InvBytes

/// One axis of the cube: inv-rows(5), "Dimensions".
public struct Dimension: Equatable, Sendable {
  public enum Axis: Equatable, Sendable {
    /// The states of inv-rows(5).
    case state
    /// The words of a column.
    case word
    /// Bands by their lower edges; with `unknown`, a last one for what has no value.
    case band([UInt64], unknown: Bool)
  }

  public let name: String
  public let axis: Axis

  public init(_ name: String, _ axis: Axis) {
    self.name = name
    self.axis = axis
  }

  /// Rows have no more dimensions than this.
  public static let limit = 16

  public static let state = Dimension("state", .state)

  /// The size bands: 0, 1, 1 KiB, … 100 GiB.
  public static let size = Dimension(
    "size",
    .band(
      [
        0, 1, 1 << 10, 10 << 10, 100 << 10, 128 << 10, 1 << 20, 10 << 20, 100 << 20, 1 << 30,
        10 << 30, 100 << 30,
      ], unknown: false))

  /// The age bands, in days before the snapshot.
  public static let age = Dimension(
    "age",
    .band(
      [0, 30, 60, 90, 180, 365, 730, 1095, 1460, 1825, 2190, 2555], unknown: true))

  /// How many values the axis has; nil when its words decide.
  public var size: Int? {
    switch axis {
    case .state: ObjectState.allCases.count
    case .word: nil
    case .band(let edges, let unknown): edges.count + (unknown ? 1 : 0)
    }
  }

  /// The name of value `index` for text: a state, the lower edge of a band, "unknown".
  public func label(_ index: Int) -> String {
    switch axis {
    case .state: ObjectState(rawValue: UInt8(truncatingIfNeeded: index))?.name ?? "?"
    case .word: "\(index)"
    case .band(let edges, _): index < edges.count ? "\(edges[index])" : "unknown"
    }
  }

  /// The dimension as its line says it, for messages.
  public var text: String {
    parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }

  /// The parts of a `dimension` line.
  var parts: [[UInt8]] {
    let text: [String] =
      switch axis {
      case .state: [name, "state"]
      case .word: [name, "word"]
      case .band(let edges, let unknown):
        [name, "band"] + edges.map { "\($0)" } + (unknown ? ["unknown"] : [])
      }
    return text.map { [UInt8]($0.utf8) }
  }

  init(_ parts: [[UInt8]]) throws(FormatError) {
    let text = parts.map { String(decoding: $0, as: UTF8.self) }
    guard text.count >= 2, Column.isName(parts[0]) else {
      throw FormatError("a 'dimension' line is not a name and a type", at: 0)
    }
    switch (text[1], text.count) {
    case ("state", 2): self.init(text[0], .state)
    case ("word", 2): self.init(text[0], .word)
    case ("band", 3...256):
      var edges = parts[2...]
      let unknown = text.last == "unknown"
      if unknown { edges.removeLast() }
      let numbers = edges.compactMap { UInt64(decimal: $0) }
      guard numbers.count == edges.count, numbers.first == 0,
        zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
      else {
        throw FormatError("the edges of dimension '\(text[0])' do not rise from 0", at: 0)
      }
      self.init(text[0], .band(numbers, unknown: unknown))
    default:
      throw FormatError("dimension '\(text[0])' is of unknown type '\(text[1])'", at: 0)
    }
  }
}

/// The objects and bytes of one point.
public struct Cell: Equatable, Sendable, BitwiseCopyable {
  public var code: UInt64
  public var objects: UInt64
  public var bytes: UInt64

  public init(code: UInt64, objects: UInt64, bytes: UInt64) {
    self.code = code
    self.objects = objects
    self.bytes = bytes
  }

  /// Adds the figures of the same point; false when a sum overflows.
  @inline(__always)
  public mutating func add(objects more: UInt64, bytes moreBytes: UInt64) -> Bool {
    let (objects, first) = objects.addingReportingOverflow(more)
    let (bytes, second) = bytes.addingReportingOverflow(moreBytes)
    (self.objects, self.bytes) = (objects, bytes)
    return !first && !second
  }
}
