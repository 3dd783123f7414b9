public import InvSystem

/// An argument that is not an option.
public struct Operand: Equatable, Sendable {
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// The operand as text; bytes that are not UTF-8 become U+FFFD.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The operand as the name of a file that may be opened or made; it must be UTF-8.
  public func path() throws(Failure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .usage("file name '\(printable(bytes))' is not UTF-8")
    }
    return text
  }
}

/// An argument as it may stand in a message, on one line, with bytes that are not UTF-8 as \xHH.
func printable(_ argument: some Collection<UInt8>) -> String {
  if let text = String(validating: argument, as: UTF8.self) { return printable(text) }
  var text = ""
  for byte in argument {
    text += byte < 0x80 ? printable(String(UnicodeScalar(byte))) : "\\x" + String(byte, radix: 16)
  }
  return text
}

/// How many operands a usage line such as "OUT [PREFIX]..." asks for.
struct OperandRule {
  /// The names of those that must be there.
  let required: [String]
  /// The most there may be, or nil.
  let limit: Int?

  /// A word in brackets may be left out, a word with three dots may be repeated.
  init(_ usage: String) {
    let words = usage.split(separator: " ")
    required = words.filter { !$0.hasPrefix("[") }.map { $0.hasSuffix("...") ? $0.dropLast(3) : $0 }
      .map(String.init)
    limit = words.contains { $0.hasSuffix("...") } ? nil : words.count
  }

  func check(_ operands: [Operand]) throws(Failure) {
    if operands.count < required.count {
      throw .usage("missing operand: \(required[operands.count])")
    }
    if let limit, operands.count > limit {
      throw .usage("unexpected operand '\(printable(operands[limit].bytes))'")
    }
  }
}
