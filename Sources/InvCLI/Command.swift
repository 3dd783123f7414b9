import InvSystem

/// The command line of a tool: its name, its operands and its options; all else is derived.
public struct Command<Settings: Sendable>: Sendable {
  let table: OptionTable
  private let defaults: Settings
  private let options: [Option<Settings>]

  /// `operands` is shown as it is and says how many there may be: "OUT [PREFIX]..." is one or more;
  /// `hint` is what a shell may offer for them.
  public init(
    _ name: String, summary: String, operands: String = "", hint: Hint = .file,
    defaults: Settings, options: [Option<Settings>]
  ) {
    self.defaults = defaults
    self.options = options
    table = OptionTable(
      name: name, summary: summary, operands: operands, hint: operands.isEmpty ? .none : hint,
      entries: options.map(\.entry) + pageOptions.map(\.entry))
  }

  /// What is wrong with the option table: one sentence each; a test asks that there be none.
  public var problems: [String] { table.problems }

  /// What a command line asks for.
  enum Request {
    case run(Settings, [Operand])
    case show(Page)
  }

  /// Understands `arguments`, without the name of the program; the first page asked for ends it.
  func parse(_ arguments: [[UInt8]]) throws(Failure) -> Request {
    var settings = defaults
    var operands: [Operand] = []
    var page: Page?
    var reader = ArgumentReader(arguments, table.entries)
    while let item = try reader.next() {
      switch item {
      case .operand(let bytes):
        operands.append(Operand(bytes: bytes))
      case .option(let place, let value):
        let expectation =
          place < options.count
          ? options[place].apply(&settings, value)
          : pageOptions[place - options.count].apply(&page, value)
        if let expectation {
          let name = table.entries[place].long
          throw .usage("\(name): '\(printable(value))' is not \(expectation)")
        }
        if let page { return .show(page) }
      }
    }
    try OperandRule(table.operands).check(operands)
    return .run(settings, operands)
  }
}
