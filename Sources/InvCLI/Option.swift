/// One option of a tool: how it is spelt and explained, and what it changes in the tool's settings.
public struct Option<Settings>: Sendable {
  let entry: OptionEntry
  /// Takes the bytes of the value; answers what was expected instead, or nil when they are fine.
  let apply: @Sendable (inout Settings, [UInt8]) -> String?

  /// The same, for those who know of it: in no help, page or completion.
  public var hidden: Option {
    var entry = entry
    entry.isHidden = true
    return Option(entry: entry, apply: apply)
  }

  /// An option without a value.
  public static func flag(
    _ name: String, _ letter: Character?, _ help: String,
    _ set: @escaping @Sendable (inout Settings) -> Void
  ) -> Option {
    let entry = OptionEntry(name: name, letter: letter, operand: nil, help: help, hint: .none)
    return Option(entry: entry) { settings, _ in
      set(&settings)
      return nil
    }
  }

  /// An option with a value called `operand`; given twice, `set` is called twice.
  public static func value<Value: OptionValue>(
    _ name: String, _ letter: Character?, _ operand: String, _ help: String, hint: Hint? = nil,
    _ set: @escaping @Sendable (inout Settings, Value) -> Void
  ) -> Option {
    let entry = OptionEntry(
      name: name, letter: letter, operand: operand, help: help, hint: hint ?? Value.hint)
    return Option(entry: entry) { settings, bytes in
      guard let value = Value(bytes: bytes) else { return Value.expectation }
      set(&settings, value)
      return nil
    }
  }
}

/// What people and shells are told about an option.
struct OptionEntry: Sendable {
  /// Without the hyphens.
  let name: String
  let letter: Character?
  /// What the value is called; nil when the option takes none.
  let operand: String?
  let help: String
  let hint: Hint
  var isHidden = false

  /// The long spelling, as messages show it.
  var long: String { "--" + name }
  var short: String? { letter.map { "-\($0)" } }
}

/// What a shell may offer for a value or an operand.
public enum Hint: Equatable, Sendable {
  case none, file, folder
  /// A folder for the first operand; for the others what the tool prints for `--complete`.
  case prefix
  case words([String])
}
