import InvBytes
import InvCompress
public import InvFormat
public import InvSystem

/// How the records of a scan are read: all parts of it alike.
public struct ScanFormat: Equatable, Sendable {
  let format: SourceFormat
  let template: ScanTemplate
  /// How a record is read that the template does not fit.
  let names: ScanNames?
  let clock: LocalClock
  /// What is taken off the front of paths, without slashes around it, longer ones first.
  let strips: [[UInt8]]
  /// Whether the first line ends in CR LF.
  let hasCarriageReturns: Bool
  /// Whether the path may be relative to where the scan began, and then be empty.
  let hasRelativePaths: Bool
  private let carriesProject: Bool

  /// The byte that ends a record: a part of a scan that begins behind one has the same rows as there.
  public var terminator: UInt8 { template.terminator }

  /// The recommended form of find's output.
  static let find = Array("%y %i %D %n %U %G %s %b %A@ %T@ %p\\0".utf8)

  /// What the commands that inv-parse(1) has for the others write.
  private static let gpfs = Array(
    "%i %{gen} %{snap} s=%s a=%k u=%U g=%G p=%M ac=%A+ mt=%T+ nl=%n -- %p".utf8)
  private static let lustre = Array(
    "%LF s=%s b=%b u=%U g=%G p=%LP type=%y a=%A@ m=%T@ -- %p".utf8)

  /// The format of the scan in `window`, which is of `format`; nil when it has no rows.
  init?(_ format: SourceFormat, _ window: inout TextWindow, _ options: ReadingOptions)
    throws(Failure)
  {
    self.format = format
    clock = options.clock
    strips = options.strips.map { strip in
      Array(strip.drop { $0 == 0x2f }.reversed().drop { $0 == 0x2f }.reversed())
    }.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
    var carriesProject = options.words.contains { RowLayout.plain($0) == "project" }
    if let text = options.template {
      template = try ScanTemplate(text)
      names = nil
    } else if format == .find {
      template = try ScanTemplate(Self.find)
      names = nil
    } else {
      let known = format == .gpfs ? ScanNames.gpfs : .lustre
      let excluded = ScanRoles(carriesProject ? [] : [.project])
      try window.gather(TextWindow.limit)
      guard let found = try Self.firstTemplate(window, format, known, without: excluded) else {
        return nil
      }
      template = found
      names = known.wanting(found.roles)
    }
    let line = window.front(TextWindow.limit).prefix { $0 != newline }
    hasCarriageReturns = template.terminator == newline && line.last == 0x0d
    // find's own form shows no difference between %p and %P.
    hasRelativePaths =
      template.hasRelativePaths || (format == .find && options.template == nil)
    if !template.roles.has(.project) { carriesProject = false }
    self.carriesProject = carriesProject
    for word in options.words where !schema.has(RowLayout.plain(word)) {
      throw .data(
        "\(printable(window.name)): no column '\(printable(word))' to carry among"
          + " \(RowLayout.list(schema.columns.map(\.name)))")
    }
  }

  /// The template of the first line that is a row.
  private static func firstTemplate(
    _ window: borrowing TextWindow, _ format: SourceFormat, _ names: ScanNames,
    without excluded: ScanRoles
  ) throws(Failure) -> ScanTemplate? {
    let wanting = names.wanting(names.required)
    let (start, filled) = (window.start, window.filled)
    let all = window.text
    let text = all.raw
    var at = start
    var isOnlyMessages = true
    while at < filled {
      let end = text.place(of: newline, at, filled)
      var row = ScanRow()
      if wanting.read(text, at, end, &row, .utc) >= 0 {
        return try names.template(text, at, end, without: excluded)
      }
      if end > at && ScanMessage(text, at, end) == nil { isOnlyMessages = false }
      at = end + 1
    }
    if isOnlyMessages && window.isAtEnd { return nil }
    if let shortage = window.shortage { throw shortage }
    throw .data(
      "\(printable(window.name)): no line of \(format.what) in its first MiB;"
        + " --template describes others")
  }

  /// The columns of object rows that it makes.
  public var schema: ObjectSchema {
    let roles = template.roles
    let columns: [(ScanRole, ObjectSchema.Role)] = [
      (.size, .size), (.allocated, .allocated), (.accessed, .accessed), (.modified, .modified),
      (.owner, .owner), (.group, .group), (.file, .file), (.links, .links),
    ]
    var names: [ObjectSchema.Role] = [.key, .kind, .state]
    names += columns.filter { roles.has($0.0) }.map(\.1)
    if roles.has(.file), hasFileHigh { names.append(.fileHigh) }
    return ObjectSchema(names, words: carriesProject ? [ScanRow.project] : [])
  }

  private var hasFileHigh: Bool {
    let roles = template.roles
    return roles.has(.fileHigh) || roles.has(.generation) || roles.has(.snapshot)
      || template.steps.contains { $0.field == .fid }
  }

  /// The columns that scans of `format` usually have, for one that has no rows; nil for what is no scan.
  public static func usualSchema(_ format: SourceFormat, _ options: ReadingOptions)
    throws(Failure) -> ObjectSchema?
  {
    let usual: [UInt8]
    switch format {
    case .gpfs: usual = gpfs
    case .lustre: usual = lustre
    case .find: usual = find
    default: return nil
    }
    var options = options
    options.template = options.template ?? usual
    var window = try TextWindow(Inflow(ByteSource(name: "--with", bytes: []), format: .plain))
    return try ScanFormat(format, &window, options)?.schema
  }

  /// The columns whose values are known: nothing can be hidden in a filesystem.
  public var knownColumns: [String] { schema.columns.map(\.name) }

  /// Whether a file may have its content in its inode, of which no allocated size tells.
  var hasInlineFiles: Bool { format == .gpfs && template.roles.has(.size) }
}

extension ObjectSchema {
  fileprivate func has(_ name: String) -> Bool { place(name) != nil }
}

/// A line among the rows of a scan that is none.
enum ScanMessage {
  case heading
  /// An error, by the program that made the scan.
  case error

  /// Whether messages begin with `byte`: # or [.
  static func mayBegin(_ byte: UInt8) -> Bool { byte == 0x23 || byte == 0x5b }

  init?(_ text: RawSpan, _ start: Int, _ end: Int) {
    let first = text.u8(at: start)
    if first == 0x23 {
      self = .heading
      return
    }
    // [I], [W], [E], [X] of the policy engine.
    guard first == 0x5b, end - start >= 3, text.u8(at: start + 2) == 0x5d else { return nil }
    let letter = text.u8(at: start + 1)
    guard letter &- 0x41 < 26 else { return nil }
    self = letter == 0x45 || letter == 0x58 ? .error : .heading
  }

  var verdict: RowVerdict { self == .error ? .report : .message }
}
