public import InvSystem
import InvText

/// A listing on its way out: rows of cells, as a table for people or as lines for programs.
///
///     table.text(prefix)
///     table.bytes(total)
///     table.endRow()
///     try table.drain(into: &output)
///
/// The cells of a row come in the order of the columns, also those that the format leaves out. Lines for
/// programs are made at once; a table waits for its widths.
public struct Table: Sendable {
  public enum Format: String, CaseIterable, Sendable { case table, tsv, csv, json }

  /// What the cells of a column are.
  public enum Kind: Sendable {
    /// A name, to the left, escaped.
    case text
    /// A number; for people in groups of three digits.
    case count
    /// A number of bytes; for people with a unit.
    case bytes
    /// Seconds since 1970; for people the date alone.
    case time
    /// A part of a whole, for people only: in percent, with a bar where the terminal is wide enough.
    case share
    /// An amount; for people with two decimals, else with six.
    case money
    /// Entries within a row, in JSON only.
    case list
    /// Yes or no, in JSON only.
    case truth
  }

  public struct Column: Sendable {
    public let name: String
    public let kind: Kind
    let formats: [Format]

    /// A column that only `formats` show; by default those that can.
    public init(_ name: String, _ kind: Kind, in formats: [Format]? = nil) {
      self.name = name
      self.kind = kind
      let able: [Format] =
        switch kind {
        case .share: [.table]
        case .list, .truth: [.json]
        default: Format.allCases
        }
      self.formats = able.filter { formats?.contains($0) ?? true }
    }
  }

  let format: Format
  /// The lines that are ready.
  var ready: [UInt8] = []
  /// What is gathered until all widths are known.
  var aligned: AlignedRows
  private let kinds: [Kind]
  private let isShown: [Bool]
  /// By column, what stands before a cell in JSON.
  private let leads: [[UInt8]]
  private let first: Int
  private let lineEnd: [UInt8]
  private var place = 0

  /// `width` is that of the terminal, nil where there is none; then there are no bars.
  public init(_ columns: [Column], format: Format, width: Int? = nil, isColored: Bool = false) {
    self.format = format
    kinds = columns.map(\.kind)
    let shown = columns.map { $0.formats.contains(format) }
    isShown = shown
    leads = columns.indices.map { index in
      let name = JSON.string(Array(columns[index].name.utf8)) + [0x3a]
      return (shown[..<index].contains(true) ? [0x2c] : [0x7b]) + name
    }
    first = shown.firstIndex(of: true) ?? 0
    switch format {
    case .json: lineEnd = shown.contains(true) ? [0x7d, 0x0a] : [0x7b, 0x7d, 0x0a]
    default: lineEnd = [0x0a]
    }
    let seen = columns.filter { $0.formats.contains(format) }
    aligned = AlignedRows(seen.map { ($0.name, $0.kind) }, width: width, isColored: isColored)
    if format == .csv || format == .tsv {
      let names = seen.map { Array($0.name.utf8) }
      ready += names.joined(separator: [format == .csv ? 0x2c : 0x09])
      ready.append(0x0a)
    }
  }

  /// Goes to the next column; whether its cell is shown.
  @inline(__always)
  mutating func next() -> Bool {
    let this = place
    place &+= 1
    guard isShown[this] else { return false }
    switch format {
    case .tsv: if this > first { ready.append(0x09) }
    case .csv: if this > first { ready.append(0x2c) }
    case .json: ready += leads[this]
    case .table: break
    }
    return true
  }

  /// A name in bytes.
  public mutating func text(_ bytes: [UInt8]) {
    guard next() else { return }
    switch format {
    case .table: aligned.add { TextEscape.append(bytes, to: &$0) }
    case .tsv: ready.append(escaping: bytes)
    case .csv: ready.append(quoting: bytes)
    case .json: JSON.appendString(bytes, to: &ready)
    }
  }

  /// Words of our own where a name would be: `(directly here)`.
  public mutating func label(_ text: String) {
    guard next() else { return }
    switch format {
    case .table: aligned.add(isFaint: true) { $0 += text.utf8 }
    case .tsv: ready += text.utf8
    case .csv: ready.append(quoting: Array(text.utf8))
    case .json: JSON.appendString(Array(text.utf8), to: &ready)
    }
  }

  /// A number of things.
  public mutating func count(_ count: UInt64) {
    guard next() else { return }
    if format == .table {
      aligned.add { $0 += HumanSize.text(count: count).utf8 }
    } else {
      ready.append(decimal: count)
    }
  }

  /// A number of bytes.
  public mutating func bytes(_ bytes: UInt64) {
    guard next() else { return }
    if format == .table {
      aligned.add { $0 += HumanSize.text(bytes: bytes).utf8 }
    } else {
      ready.append(decimal: bytes)
    }
  }

  /// Seconds since 1970, or nothing.
  public mutating func time(_ seconds: Int64?) {
    guard let seconds else { return missing() }
    guard next() else { return }
    switch format {
    case .table:
      aligned.add {
        $0.append(time: seconds)
        // The date has ten bytes, the time behind it ten more.
        if $0.last == 0x5a { $0.removeLast(10) }
      }
    case .tsv, .csv: ready.append(time: seconds)
    case .json:
      ready.append(0x22)
      ready.append(time: seconds)
      ready.append(0x22)
    }
  }

  /// How much `part` is of `whole`; nothing where the whole is 0.
  public mutating func share(_ part: UInt64, of whole: UInt64) {
    guard whole > 0 else { return missing() }
    guard next() else { return }
    let thousand = UInt128(part) * 1000
    let tenths = (thousand + UInt128(whole) / 2) / UInt128(whole)
    aligned.add(share: UInt16(min(tenths, 1000))) {
      switch tenths {
      case 0 where part > 0: $0 += "<0.1 %".utf8
      case 1000 where part < whole: $0 += ">99.9 %".utf8
      default: $0 += "\(tenths / 10).\(tenths % 10) %".utf8
      }
    }
  }

  /// An amount of money.
  public mutating func money(_ amount: Amount) {
    guard next() else { return }
    if format == .table {
      let isLittle = !amount.isNothing && amount.rounded(places: 2).isZero
      aligned.add { $0 += isLittle ? Array("<0.01".utf8) : amount.bytes(places: 2, grouped: true) }
    } else {
      ready += amount.bytes(places: 6)
    }
  }

  /// Yes or no.
  public mutating func truth(_ truth: Bool) {
    guard next() else { return }
    ready += (truth ? "true" : "false").utf8
  }

  /// What is not known, or makes no sense in this row.
  public mutating func missing() {
    guard next() else { return }
    switch format {
    case .table: aligned.add { $0.append(0x2d) }
    case .tsv: ready.append(0x2d)
    case .csv: break
    case .json: ready += [0x6e, 0x75, 0x6c, 0x6c]
    }
  }

  /// Ends a row, which must have a cell for each column.
  public mutating func endRow() {
    precondition(place == kinds.count)
    place = 0
    if format == .table { aligned.endRow(into: &ready) } else { ready += lineEnd }
  }

  /// Hands over what is ready, if it is much; to be called after each row or few.
  @inline(__always)
  public mutating func drain(into output: inout TextOutput) throws(Failure) {
    if ready.count >= 1 << 15 { try hand(to: &output) }
  }

  private mutating func hand(to output: inout TextOutput) throws(Failure) {
    try output.write(ready)
    ready.removeAll(keepingCapacity: true)
  }

  /// Writes the rest; below a table, the lines of `footer`.
  public mutating func finish(footer: [String] = [], into output: inout TextOutput) throws(Failure)
  {
    if format == .table { aligned.finish(footer: footer, into: &ready) }
    try hand(to: &output)
  }
}

extension [UInt8] {
  /// Appends bytes as one field of tab-separated values.
  @inline(__always)
  fileprivate mutating func append(escaping bytes: [UInt8]) {
    if TextEscape.isPlain(bytes) { self += bytes } else { TextEscape.append(bytes, to: &self) }
  }

  /// Appends bytes, escaped, as one field of comma-separated values: RFC 4180.
  fileprivate mutating func append(quoting bytes: [UInt8]) {
    let text = TextEscape.escaped(bytes)
    guard text.contains(where: { $0 == 0x2c || $0 == 0x22 }) else {
      self += text
      return
    }
    append(0x22)
    for byte in text {
      if byte == 0x22 { append(0x22) }
      append(byte)
    }
    append(0x22)
  }
}
