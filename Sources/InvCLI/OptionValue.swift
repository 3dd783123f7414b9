/// A type that the value of an option can have; the parser converts, so that tools see no strings.
public protocol OptionValue: SendableMetatype {
  /// What an argument must be, to go after "is not": "a size such as 512M".
  static var expectation: String { get }

  /// What a shell may offer where the table gives no hint.
  static var hint: Hint { get }

  /// The value that `option` spells, or nil.
  init?(option: String)

  /// The same from the bytes of the argument; by default they must be UTF-8.
  init?(bytes: [UInt8])
}

extension OptionValue {
  public static var hint: Hint { .none }

  public init?(bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    self.init(option: text)
  }
}

extension OptionValue where Self: RawRepresentable, RawValue == String {
  public init?(option: String) { self.init(rawValue: option) }
}

extension OptionValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  private static var words: [String] { allCases.map(\.rawValue) }
  public static var expectation: String { "one of " + words.joined(separator: ", ") }
  public static var hint: Hint { .words(words) }
}

extension String: OptionValue {
  public static var expectation: String { "text of at least one character in UTF-8" }

  public init?(option: String) {
    if option.isEmpty { return nil }
    self = option
  }
}

extension Int: OptionValue {
  public static var expectation: String { "a number such as 100" }

  /// Digits only: no sign, no space.
  public init?(option: String) {
    guard option.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    self.init(option)
  }
}

/// A number of 1 or more.
public struct Count: OptionValue, Equatable, Sendable {
  public static var expectation: String { "a number of 1 or more" }
  public let value: Int

  public init?(option: String) {
    guard let value = Int(option: option), value > 0 else { return nil }
    self.value = value
  }
}

/// A size in bytes, spelt plainly or with K, M, G, T or P, KiB, MiB and so on: powers of 1024.
public struct ByteCount: OptionValue, Equatable, Sendable {
  public static var expectation: String { "a size such as 512M" }
  public let bytes: UInt64

  public init?(option: String) {
    let digits = option.prefix { $0.isASCII && $0.isNumber }
    guard let number = UInt64(digits) else { return nil }
    var unit = option.dropFirst(digits.count)
    if unit.hasSuffix("iB") {
      unit = unit.dropLast(2)
      if unit.isEmpty { return nil }
    }
    guard let power = ["", "K", "M", "G", "T", "P"].firstIndex(of: unit.uppercased()) else {
      return nil
    }
    let (bytes, isTooMuch) = number.multipliedReportingOverflow(by: 1 << (10 * UInt64(power)))
    if isTooMuch { return nil }
    self.bytes = bytes
  }
}

/// The bytes of an argument, whatever their encoding and possibly none: a name in a bucket.
public struct RawBytes: OptionValue, Equatable, Sendable {
  public static var expectation: String { "a name" }
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }
  public init(option: String) { bytes = Array(option.utf8) }
}
