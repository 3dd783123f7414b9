import InvAnswer
import InvCLI
import InvText

/// The key of an order.
struct SortKey: OptionValue {
  static var expectation: String { "one of " + words.joined(separator: ", ") }
  static var hint: Hint { .words(words) }
  private static var words: [String] { Listing.Key.allCases.map(\.rawValue) }
  let key: Listing.Key

  init?(option: String) {
    guard let key = Listing.Key(rawValue: option) else { return nil }
    self.key = key
  }
}

/// A pattern for names.
struct Pattern: OptionValue {
  static var expectation: String { "a pattern such as '*.tmp' or 'a/*/b'" }
  /// As it was written, without the slash at its end.
  let text: [UInt8]
  let glob: Glob

  init?(option: String) { self.init(bytes: Array(option.utf8)) }

  init?(bytes: [UInt8]) {
    // A name is meant with its closing slash or without it.
    let name = bytes.count > 1 && bytes.last == 0x2f ? bytes.dropLast() : bytes[...]
    guard !name.isEmpty, let glob = try? Glob(name) else { return nil }
    (text, self.glob) = (Array(name), glob)
  }
}

/// A pattern for the last part of names.
struct NamePattern: OptionValue {
  static var expectation: String { "a pattern without a slash such as '*.tmp'" }
  let pattern: Pattern

  init?(option: String) { self.init(bytes: Array(option.utf8)) }

  init?(bytes: [UInt8]) {
    guard let pattern = Pattern(bytes: bytes), !pattern.glob.isAnchored else { return nil }
    self.pattern = pattern
  }
}

/// Whose something is: a name or a number.
struct Person: OptionValue {
  static var expectation: String { "a name or a number" }
  let bytes: [UInt8]

  init?(option: String) { self.init(bytes: Array(option.utf8)) }

  init?(bytes: [UInt8]) {
    if bytes.isEmpty { return nil }
    self.bytes = bytes
  }
}

/// A folder above prefixes, without its closing slashes.
struct MountPoint: OptionValue {
  static var expectation: String { "a folder such as /mnt/fs" }
  let bytes: [UInt8]

  init?(option: String) { self.init(bytes: Array(option.utf8)) }

  init?(bytes: [UInt8]) {
    if bytes.isEmpty { return nil }
    self.bytes = Array(bytes[..<(bytes.lastIndex { $0 != 0x2f }.map { $0 + 1 } ?? 0)])
  }
}

/// An age or a date.
struct Age: OptionValue {
  static var expectation: String { AgeLimit.expectation }
  let limit: AgeLimit

  init?(option: String) {
    guard let limit = AgeLimit(option: option) else { return nil }
    self.limit = limit
  }
}
