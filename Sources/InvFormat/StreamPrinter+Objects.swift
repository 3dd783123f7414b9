import InvBytes
import InvSystem

/// How the values of a column of object rows look.
enum ColumnForm {
  case kind, state, uint, word, time, int

  init(_ column: Column) {
    switch (column.type, ObjectSchema.Role(rawValue: column.name)) {
    case (_, .kind): self = .kind
    case (_, .state): self = .state
    case (_, .modified), (_, .accessed): self = .time
    case (.word, _): self = .word
    case (.int, _): self = .int
    default: self = .uint
    }
  }

  static let kinds = ObjectKind.allCases.map { Array($0.name.utf8) }
  static let states = ObjectState.allCases.map { Array($0.name.utf8) }
}

extension StreamPrinter {
  func printObjects(_ stream: RowStream) throws(Failure) {
    let reader = try ObjectReader(stream, wanting: "inv-cat")
    let columns = reader.schema.columns
    names(columns.map(\.name))
    var words = ObjectWords(reader.schema)
    var lines = ObjectLines(columns, isJSON: format == .json)
    while let event = try reader.next() {
      switch event {
      case .source: frame("source", reader.fields)
      case .words(let column, _, let more):
        do throws(FormatError) { try words.add(more, column: column) } catch {
          throw stream.frames.failure(FormatError(error.what, at: reader.offset))
        }
        lines.add(more, column: column)
        frame(words: more, of: columns[column].name)
      case .block(let block):
        frame("block", String(block.source))
        rows += UInt64(block.rows)
        var rest = ObjectRows(block)
        while try stream.frames.checking(
          block.frame, { () throws(FormatError) in try rest.next() })
        {
          lines.append(rest, to: &text)
          try relieve(&text)
        }
      case .progress: frame("progress", reader.fields)
      case .maker: frame("maker", reader.fields)
      case .end: frame("end", reader.fields)
      }
      try relieve(&text)
    }
  }
}

/// Makes lines of object rows.
private struct ObjectLines {
  private let forms: [ColumnForm]
  private let isJSON: Bool
  /// What stands before a value: a tab, or a name in JSON.
  private let leads: [[UInt8]]
  /// Every word as it looks.
  private var words: [[[UInt8]]]
  private let kinds: [[UInt8]]
  private let states: [[UInt8]]

  init(_ columns: [Column], isJSON: Bool) {
    self.isJSON = isJSON
    forms = columns.map(ColumnForm.init)
    words = Array(repeating: [], count: columns.count)
    func shown(_ names: [[UInt8]]) -> [[UInt8]] {
      isJSON ? names.map { [0x22] + $0 + [0x22] } : names
    }
    kinds = shown(ColumnForm.kinds)
    states = shown(ColumnForm.states)
    leads = columns.enumerated().map { place, column in
      guard isJSON else { return place > 0 ? [0x09] : [] }
      var lead: [UInt8] = [place > 0 ? 0x2c : 0x7b]
      lead.write(json: Array(column.name.utf8))
      return lead + [0x3a]
    }
  }

  mutating func add(_ more: [[UInt8]], column: Int) {
    for word in more {
      var shown: [UInt8] = []
      if isJSON {
        shown.write(json: word)
      } else {
        shown.write(word: word)
      }
      words[column].append(shown)
    }
  }

  func append(_ row: ObjectRows, to text: inout [UInt8]) {
    text += leads[0]
    if isJSON {
      text.write(json: row.key)
    } else {
      text.write(key: row.key)
    }
    for place in 1..<forms.count {
      text += leads[place]
      switch forms[place] {
      case .uint: text.write(row.value(place))
      case .word: text += words[place][Int(row.value(place))]
      case .kind: text += kinds[Int(row.value(place))]
      case .state: text += states[Int(row.value(place))]
      case .time: append(row.signed(place), isTime: true, to: &text)
      case .int: append(row.signed(place), isTime: false, to: &text)
      }
    }
    if isJSON { text.append(0x7d) }
    text.append(0x0a)
  }

  private func append(_ value: Int64, isTime: Bool, to text: inout [UInt8]) {
    if value == absentInt {
      if isJSON { text += "null".utf8 } else { text.append(0x2d) }
    } else if isTime {
      if isJSON { text.append(0x22) }
      text.write(time: value)
      if isJSON { text.append(0x22) }
    } else {
      text.write(signed: value)
    }
  }
}
