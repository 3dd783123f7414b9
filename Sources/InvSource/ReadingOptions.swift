public import InvSystem

/// What is told of data files, besides what they show.
public struct ReadingOptions: Sendable {
  public var format: SourceFormat?
  /// The names of the columns, as a manifest or a person gives them.
  public var schema: String?
  /// What the columns of delimited text are: `key=3,size=5`; of `rclone lsf`, the letters of its format.
  public var columns: String?
  public var delimiter: UInt8?
  /// Quotes in delimited text stand for themselves.
  public var hasNoQuotes = false
  /// The first line of delimited text has the names of its columns.
  public var hasHeader = false
  /// Where times are meant that do not say it.
  public var clock = LocalClock.utc
  /// Columns to be carried as words.
  public var words: [String] = []
  /// What the records of a scan look like.
  public var template: [UInt8]?
  /// Directories whose names are taken off the paths of a scan.
  public var strips: [[UInt8]] = []

  public init() {}

  /// An error when one of these would mean nothing for a file of `format`, or one in `table`.
  public func check(_ format: SourceFormat?, _ table: TableKind? = nil) throws(Failure) {
    guard columns == nil || format == .delimited || format == .rcloneLsf else {
      throw .usage("--columns needs --format delimited or --format rclone-lsf")
    }
    guard !hasHeader || format == .delimited else {
      throw .usage("--header needs --format delimited")
    }
    guard template == nil || format?.reading == .scan else {
      throw .usage("--template needs --format gpfs, lustre or find")
    }
    guard strips.isEmpty || format == nil && table == nil || format?.reading == .scan else {
      throw .usage("--strip needs a scan: --format gpfs, lustre or find")
    }
    guard let what = table?.rawValue ?? format?.rawValue else { return }
    if table == nil, case .text = format?.reading { return }
    if delimiter != nil { throw .usage("--delimiter means nothing for \(what)") }
    if hasNoQuotes { throw .usage("--unquoted means nothing for \(what)") }
  }
}

/// What the columns of delimited text are for, by their numbers or by their names.
struct ColumnChoice: Equatable {
  /// As rows call it.
  let role: String
  /// The number of the column, from 1, or its name.
  let column: String

  var number: Int? { Int(column).flatMap { $0 > 0 ? $0 : nil } }

  /// Reads `key=3,size=5`.
  static func choices(_ text: String) throws(Failure) -> [ColumnChoice] {
    var choices: [ColumnChoice] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2 else {
        throw .usage("--columns: '\(printable(String(part)))' is not of the form key=3")
      }
      guard !choices.contains(where: { $0.role == sides[0] }) else {
        throw .usage("--columns: '\(printable(sides[0]))' is there twice")
      }
      choices.append(ColumnChoice(role: sides[0], column: sides[1]))
    }
    guard choices.contains(where: { $0.role == "key" }) else {
      throw .usage("--columns: no key among them")
    }
    return choices
  }

  /// The names of the columns of a file whose first line has the fields `first`, which are names too if
  /// it `hasHeader`; a column that is for nothing has none.
  static func names(_ text: String, _ first: [String], hasHeader: Bool, file: String)
    throws(Failure) -> [String]
  {
    var names = Array(repeating: "", count: first.count)
    for choice in try choices(text) {
      let place: Int
      if hasHeader, let named = first.firstIndex(of: choice.column) {
        place = named
      } else if let number = choice.number {
        guard number <= first.count else {
          throw .data("\(file): its first line has \(first.count) columns, not \(number)")
        }
        place = number - 1
      } else if hasHeader {
        throw .data(
          "\(file): no column '\(printable(choice.column))' among \(RowLayout.list(first))")
      } else {
        throw .usage(
          "--columns: '\(printable(choice.column))' is no number, and names need --header")
      }
      guard names[place].isEmpty else {
        throw .usage(
          "--columns: one column for \(printable(names[place])) and \(printable(choice.role))")
      }
      names[place] = choice.role
    }
    return names
  }

  /// The names of the columns that the letters of `rclone lsf --format` stand for.
  static func lsfNames(_ letters: String) throws(Failure) -> [String] {
    var names: [String] = []
    for letter in letters {
      guard let name = lsfName(letter) else {
        throw .usage(
          "--columns: '\(printable(String(letter)))' is no letter of rclone lsf --format")
      }
      names.append(name)
    }
    guard names.contains("Path") else {
      throw .usage("--columns: no p, the path, among the letters '\(printable(letters))'")
    }
    return names
  }

  private static func lsfName(_ letter: Character) -> String? {
    switch letter {
    case "p": "Path"
    case "s": "Size"
    case "t": "ModTime"
    case "h": "Hash"
    case "i": "ID"
    case "o": "OrigID"
    case "m": "MimeType"
    case "e": "Encrypted"
    case "T": "Tier"
    case "M": "Metadata"
    default: nil
    }
  }
}
