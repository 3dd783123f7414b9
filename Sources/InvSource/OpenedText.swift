import InvFormat
public import InvSystem

/// A data file whose format is known, ready to have its rows read.
public enum OpenedText: ~Copyable {
  case empty
  case delimited(CSVText, RowLayout)
  case rows(any RowReader)
  case scan(ScanText)

  /// How the records of a scan are read; nil for all else.
  public var scanFormat: ScanFormat? {
    switch self {
    case .scan(let text): text.format
    default: nil
    }
  }

  /// Opens the text in `window`, read as `options` say or as it shows itself; `name` is what the file is
  /// called in messages.
  ///
  /// When it throws, `isOnlyTheFile` says whether that is for want of bytes, not of knowledge.
  public init(
    _ window: consuming TextWindow, _ options: ReadingOptions, name: String,
    _ isOnlyTheFile: inout Bool
  ) throws(Failure) {
    var window = window
    isOnlyTheFile = true
    if window.front(Container.magic.count).elementsEqual(Container.magic) {
      throw .data("\(name) carries rows of inv: name one such stream, on standard input")
    }
    if let kind = TableKind(front: window.front(TableKind.reach), options) {
      throw .data("\(name) is \(kind.rawValue), not \(options.format?.rawValue ?? "text")")
    }
    isOnlyTheFile = false
    // What has a template is a scan.
    var format = options.format ?? (options.template == nil ? nil : .find)
    try options.check(format)
    isOnlyTheFile = true
    var delimiter = options.delimiter
    if format == nil && options.schema == nil {
      try window.gather(FormatSniffer.reach)
      if window.front(1).isEmpty {
        self = .empty
        return
      }
      isOnlyTheFile = window.shortage != nil
      let found: FormatSniffer.Candidate
      do throws(Failure) {
        found = try Self.sniff(window.front(FormatSniffer.reach), options, name)
      } catch {
        // What cannot be read is not to blame for what it does not show.
        throw window.shortage ?? error
      }
      isOnlyTheFile = false
      format = found.format
      try options.check(format)
      delimiter = delimiter ?? found.delimiter
    } else if delimiter == nil, let format, case .text = format.reading {
      delimiter = Self.delimiter(window, format, options.schema)
    }
    switch format ?? .s3CSV {
    case let format where format.reading == .scan:
      self = try Self.scan(window, format, options, &isOnlyTheFile)
    case let format where format.reading == .rows:
      isOnlyTheFile = true
      self = .rows(try Self.reader(window, format, options))
    case let format:
      self = try Self.delimited(window, format, delimiter, options, name, &isOnlyTheFile)
    }
  }

  private static func sniff(
    _ front: ArraySlice<UInt8>, _ options: ReadingOptions, _ name: String
  ) throws(Failure) -> FormatSniffer.Candidate {
    var found = FormatSniffer.candidates(front)
    if let delimiter = options.delimiter {
      found.removeAll { $0.delimiter != nil && $0.delimiter != delimiter }
    }
    guard let first = found.first else {
      throw .data(
        "\(name): it does not show what it is: name its columns with --schema \"Bucket, Key, …\""
          + " or its format with --format")
    }
    guard found.count == 1 else {
      let formats = Set(found.map(\.format.rawValue)).sorted()
      guard formats.count > 1 else {
        throw .data("\(name): it does not show what is between its columns: say --delimiter")
      }
      throw .data("\(name) may be \(formats.joined(separator: " or ")): say --format")
    }
    return first
  }

  /// What is between the columns of text whose format is known, as its schema or its first line shows.
  private static func delimiter(
    _ window: borrowing TextWindow, _ format: SourceFormat, _ schema: String?
  ) -> UInt8? {
    if format.family == .gcs, let other = schema?.utf8.first(where: { !Manifest.isNamed($0) }) {
      return other
    }
    guard format.family == .gcs || format.family == .azure else { return nil }
    let found = FormatSniffer.candidates(window.front(FormatSniffer.reach))
    return found.first { $0.format == format }?.delimiter
  }

  private static func scan(
    _ window: consuming TextWindow, _ format: SourceFormat, _ options: ReadingOptions,
    _ isOnlyTheFile: inout Bool
  ) throws(Failure) -> OpenedText {
    var window = window
    if window.front(1).isEmpty { return .empty }
    // What is wrong with a template is wrong with all files.
    isOnlyTheFile = options.template == nil
    guard let scan = try ScanFormat(format, &window, options) else { return .empty }
    return .scan(ScanText(window, scan))
  }

  private static func reader(
    _ window: consuming TextWindow, _ format: SourceFormat, _ options: ReadingOptions
  ) throws(Failure) -> any RowReader {
    switch format {
    case .ncdu: return try NcduRows(window, carrying: options.words)
    case .awsLs:
      return try ListingRows(window, carrying: options.words, clock: options.clock)
    default:
      return try JSONRows(
        window, format, carrying: options.words, clock: options.clock)
    }
  }

  private static func delimited(
    _ window: consuming TextWindow, _ format: SourceFormat, _ delimiter: UInt8?,
    _ options: ReadingOptions, _ name: String, _ isOnlyTheFile: inout Bool
  ) throws(Failure) -> OpenedText {
    isOnlyTheFile = false
    let family = format.family
    var dialect = CSVDialect(delimiter: delimiter ?? (format == .rcloneLsf ? 0x3b : 0x2c))
    // Only with --csv does lsf put quotes around names.
    dialect.hasQuotes = !options.hasNoQuotes && (format != .rcloneLsf || dialect.delimiter == 0x2c)
    let schema = options.schema
    var known: [String]?
    if format == .rcloneLsf {
      guard let letters = options.columns else {
        throw .usage("--format rclone-lsf needs --columns with the letters of lsf's --format")
      }
      known = try ColumnChoice.lsfNames(letters)
    } else if format == .delimited {
      guard options.columns != nil else {
        throw .usage("--format delimited needs --columns such as key=3,size=5")
      }
    } else if let schema {
      let names = RowLayout.names(schema, delimiter: delimiter ?? 0x2c)
      // Wrong columns are wrong however the file looks.
      _ = try RowLayout(names, family, carrying: options.words, file: name)
      known = names
    }
    var text = CSVText(window, dialect)
    isOnlyTheFile = true
    let first = try text.firstRow()
    isOnlyTheFile = false
    if format == .delimited, let first, let columns = options.columns {
      known = try ColumnChoice.names(columns, first, hasHeader: options.hasHeader, file: name)
      if options.hasHeader { text.skipFirstRow() }
    }
    if known == nil && first == nil { return .empty }
    // A first line that has the names in another order is right about it.
    if let first, let names = known, Self.haveSame(first, names) { known = first }
    guard let names = known ?? first.flatMap({ header($0, family) }) else {
      throw .data(
        "\(name): its columns are not known: name them with --schema \"\(family.keyName), …\"")
    }
    var words = options.words
    if format == .delimited {
      words += names.filter { !$0.isEmpty && !ColumnFamily.delimited.hasRole($0) }
    }
    var layout = try RowLayout(names, family, carrying: words, file: name)
    layout.clock = options.clock
    if let first, layout.isHeader(first) { text.skipFirstRow() }
    return .delimited(text, layout)
  }

  private static func haveSame(_ first: [String], _ names: [String]) -> Bool {
    first.map(RowLayout.plain).sorted() == names.map(RowLayout.plain).sorted()
  }

  /// The first line's fields where they are names of columns.
  private static func header(_ first: [String], _ family: ColumnFamily) -> [String]? {
    let key = RowLayout.plain(family.keyName)
    return first.contains { RowLayout.plain($0) == key } ? first : nil
  }
}
