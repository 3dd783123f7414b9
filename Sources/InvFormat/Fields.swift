public import InvBytes
import InvText

/// The lines of text that headers, footers and some frames consist of: inv-rows(5), "Text".
///
/// A line is `name: part<TAB>part…`; each part is bytes, escaped where it is written.
public struct Fields: Equatable, Sendable {
  public struct Line: Equatable, Sendable {
    public let name: String
    public let parts: [[UInt8]]

    /// Appends the line as bytes, its line feed included.
    func append(to bytes: inout [UInt8]) {
      bytes += name.utf8
      bytes += [0x3a, 0x20]
      for (index, part) in parts.enumerated() {
        if index > 0 { bytes.append(0x09) }
        TextEscape.append(part, to: &bytes)
      }
      bytes.append(0x0a)
    }
  }

  public private(set) var lines: [Line] = []

  public init() {}

  /// Adds a line of one or more parts.
  public mutating func add(_ name: String, _ parts: [UInt8]...) {
    lines.append(Line(name: name, parts: parts))
  }

  /// Adds a line of one or more parts.
  public mutating func add(_ name: String, parts: [[UInt8]]) {
    lines.append(Line(name: name, parts: parts))
  }

  /// Adds a line of one or more parts of text.
  public mutating func add(_ name: String, _ parts: String...) {
    lines.append(Line(name: name, parts: parts.map { [UInt8]($0.utf8) }))
  }

  /// Adds a line with one number.
  public mutating func add(_ name: String, _ number: UInt64) { add(name, String(number)) }

  /// The first line of that name.
  public subscript(name: String) -> [[UInt8]]? { lines.first { $0.name == name }?.parts }

  /// All lines of that name, in order.
  public func all(_ name: String) -> [[[UInt8]]] {
    lines.filter { $0.name == name }.map(\.parts)
  }

  /// The only part of the first line of that name.
  public func bytes(_ name: String) -> [UInt8]? {
    guard let parts = self[name], parts.count == 1 else { return nil }
    return parts[0]
  }

  /// The only part of the first line of that name, as text.
  public func text(_ name: String) -> String? {
    bytes(name).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// The number on the first line of that name; nil when there is no such line.
  public func number(_ name: String) throws(FormatError) -> UInt64? {
    guard self[name] != nil else { return nil }
    guard let bytes = bytes(name), let number = UInt64(decimal: bytes) else {
      throw FormatError("'\(name)' is not a number", at: 0)
    }
    return number
  }

  /// An error when a line has a name outside of `known`, by which a newer inv may have meant
  /// something, or one that is there twice and not among those that `repeat`.
  public func require(only known: Set<String>, repeating: Set<String> = []) throws(FormatError) {
    var seen: Set<String> = []
    for line in lines where !line.name.hasPrefix("x-") && !repeating.contains(line.name) {
      guard known.contains(line.name) else {
        throw FormatError("unknown line '\(line.name)': made by a newer inv", at: 0)
      }
      guard seen.insert(line.name).inserted else {
        throw FormatError("line '\(line.name)' is there twice", at: 0)
      }
    }
  }

  /// What a progress frame says.
  func progress() throws(FormatError) -> (done: UInt64, total: UInt64) {
    try require(only: ["done", "total"])
    guard let done = try number("done"), let total = try number("total") else {
      throw FormatError("a progress frame without its numbers", at: 0)
    }
    return (done, total)
  }

  /// The lines as bytes.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    for line in lines { line.append(to: &bytes) }
    return bytes
  }

  /// Reads lines back; offsets in errors count from the first byte of `bytes`.
  public init(decoding bytes: [UInt8]) throws(FormatError) {
    var start = 0
    while start < bytes.count {
      guard let end = bytes[start...].firstIndex(of: 0x0a) else {
        throw FormatError("a line of text has no end", at: UInt64(start))
      }
      let line = bytes[start..<end]
      guard let colon = line.firstIndex(of: 0x3a), colon + 1 < end, line[colon + 1] == 0x20,
        let name = Self.name(line[start..<colon])
      else { throw FormatError("a line of text has no name", at: UInt64(start)) }
      var parts: [[UInt8]] = []
      for part in line[(colon + 2)...].split(separator: 0x09, omittingEmptySubsequences: false) {
        do throws(FormatError) {
          parts.append(try TextEscape.unescaped([UInt8](part)))
        } catch { throw FormatError(error.what, at: UInt64(part.startIndex) + error.at) }
      }
      lines.append(Line(name: name, parts: parts))
      start = end + 1
    }
    guard encoded == bytes else {
      throw FormatError("text with an escape where none is due", at: 0)
    }
  }

  /// A name: small letters, digits and hyphens.
  static func name(_ bytes: ArraySlice<UInt8>) -> String? {
    let isName = bytes.allSatisfy { 0x61...0x7a ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x2d }
    return isName && !bytes.isEmpty ? String(decoding: bytes, as: UTF8.self) : nil
  }
}

extension UInt64 {
  /// The number that decimal digits spell, without a sign and without zeros in front.
  init?(decimal digits: some Collection<UInt8>) {
    guard !digits.isEmpty, digits.first != 0x30 || digits.count == 1 else { return nil }
    var number: UInt64 = 0
    for digit in digits {
      guard 0x30...0x39 ~= digit else { return nil }
      let (ten, first) = number.multipliedReportingOverflow(by: 10)
      let (sum, second) = ten.addingReportingOverflow(UInt64(digit &- 0x30))
      if first || second { return nil }
      number = sum
    }
    self = number
  }
}
