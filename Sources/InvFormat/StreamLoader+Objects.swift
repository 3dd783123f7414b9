import InvBytes
import InvSystem

/// Loads object rows.
struct ObjectsLoader: RowLoader {
  private let frames: FrameWriter
  private let schema: ObjectSchema
  private let forms: [ColumnForm]
  private var builder: ObjectBlockBuilder
  private var words: [[[UInt8]: UInt64]]
  /// Words that no frame has had yet.
  private var pending: [[[UInt8]]]
  private var sources: UInt32 = 0
  private var source: UInt32 = 0
  private var rows: UInt64 = 0
  private var key: [UInt8] = []

  init(_ header: Fields, _ frames: FrameWriter) throws(Failure) {
    self.frames = frames
    do throws(FormatError) {
      try header.require(only: ["kind", "column"], repeating: ["column"])
      schema = try ObjectSchema(header)
    } catch { throw Failure.data(error.what) }
    forms = schema.columns.map(ColumnForm.init)
    builder = ObjectBlockBuilder(schema)
    words = Array(repeating: [:], count: schema.columns.count)
    pending = Array(repeating: [], count: schema.columns.count)
    try frames.writeHeader(header)
  }

  var columns: [String] { schema.columns.map(\.name) }

  func mayHold(_ type: FrameType) -> Bool { true }

  mutating func add(row: ArraySlice<UInt8>) throws(FormatError) -> Bool {
    guard source < sources else { throw FormatError("a row of no source", at: 0) }
    var rest = row
    var place = 0
    var next: [UInt8] = []
    var kind: UInt64 = 0
    while true {
      guard place < forms.count else { throw FormatError("too many fields", at: 0) }
      let end = rest.firstIndex(of: 0x09)
      let field = rest[..<(end ?? rest.endIndex)]
      if place == 0 {
        next = try TextField.bytes(field)
      } else {
        let value = try value(field, place)
        if forms[place] == .kind { kind = value }
        builder.set(place, value)
      }
      place += 1
      guard let end else { break }
      rest = rest[(end + 1)...]
    }
    guard place == forms.count else { throw FormatError("too few fields", at: 0) }
    guard next.count <= Container.keyLimit else {
      throw FormatError("the key is longer than 65536 bytes", at: 0)
    }
    guard !next.isEmpty || kind == UInt64(ObjectKind.directory.rawValue) else {
      throw FormatError("the key is empty, and it is no directory", at: 0)
    }
    builder.append(next.span, sharing: commonPrefix(key.raw, next.raw))
    key = next
    return !builder.isFull
  }

  private mutating func value(_ field: ArraySlice<UInt8>, _ place: Int) throws(FormatError)
    -> UInt64
  {
    switch forms[place] {
    case .uint: return try TextField.number(field)
    case .int: return UInt64(bitPattern: try TextField.signed(field))
    case .time: return UInt64(bitPattern: try TextField.time(field))
    case .kind: return try index(of: field, among: ColumnForm.kinds)
    case .state: return try index(of: field, among: ColumnForm.states)
    case .word:
      let word = try TextField.bytes(field)
      if let index = words[place][word] { return index }
      return try add(word, place)
    }
  }

  private func index(of field: ArraySlice<UInt8>, among names: [[UInt8]]) throws(FormatError)
    -> UInt64
  {
    guard let index = names.firstIndex(where: { $0[...] == field }) else {
      throw FormatError("\(quoted([UInt8](field))) is no kind or state", at: 0)
    }
    return UInt64(index)
  }

  private mutating func add(_ word: [UInt8], _ place: Int) throws(FormatError) -> UInt64 {
    let index = words[place].count
    guard index < ObjectWriter.wordLimit, word.count <= Container.keyLimit else {
      throw FormatError("a word too many, or one longer than 65536 bytes", at: 0)
    }
    words[place][word] = UInt64(index)
    pending[place].append(word)
    return UInt64(index)
  }

  mutating func add(_ mark: TextMark, _ fields: Fields) throws(Failure) -> Bool {
    try writeBlock()
    switch mark.name {
    case "source":
      _ = try checking { () throws(FormatError) in try ObjectSource(fields) }
      try frames.write(.source, fields)
      source = sources
      sources += 1
    case "block":
      guard let number = UInt64(decimal: mark.value ?? []), number < UInt64(sources) else {
        throw Failure.data("a block of no source")
      }
      source = UInt32(number)
    case "words":
      let parts = try checking { () throws(FormatError) in try mark.parts() }
      let place = columns.firstIndex { Array($0.utf8) == parts[0] }
      guard let place, schema.columns[place].type == .word else {
        throw Failure.data("words for \(quoted(parts[0])), which has none")
      }
      for word in parts.dropFirst() {
        guard words[place][word] == nil else {
          throw Failure.data("word \(quoted(word)) is there twice")
        }
        do throws(FormatError) { _ = try add(word, place) } catch { throw .data(error.what) }
      }
      try writeWords()
    default: return false
    }
    return true
  }

  private mutating func writeWords() throws(Failure) {
    for place in pending.indices where !pending[place].isEmpty {
      let first = words[place].count - pending[place].count
      for frame in wordsFrames(column: place, first: first, pending[place]) {
        try frames.write(frame)
      }
      pending[place] = []
    }
  }

  mutating func writeBlock() throws(Failure) {
    key = []
    guard builder.rows > 0 else { return }
    try writeWords()
    rows += UInt64(builder.rows)
    try frames.write(builder.flush(source: source))
  }

  mutating func finish(_ fields: Fields) throws(Failure) {
    try writeBlock()
    var fields = fields
    if fields["read"] == nil {
      let audit = try checking { () throws(FormatError) in
        try Audit(try footerForAudit(fields))
      }
      fields.add("read", rows &+ audit.setAsideCount &+ audit.leftOutCount)
    }
    let counts = [("rows", rows), ("sources", UInt64(sources))]
    let footer = try footer(fields, counts: counts)
    try checking { () throws(FormatError) in
      guard try Audit(footer).balances(rows: rows) else {
        throw FormatError("rows read are not rows counted, set aside and left out", at: 0)
      }
    }
    try frames.writeEnd(footer)
  }

  private func footerForAudit(_ fields: Fields) throws(FormatError) -> Fields {
    var copy = fields
    copy.add("read", 0)
    return copy
  }
}

extension TextMark {
  /// The escaped parts of the value, with a tab between them.
  func parts() throws(FormatError) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    let fields = (value ?? []).split(separator: 0x09, omittingEmptySubsequences: false)
    for field in fields { parts.append(try TextField.bytes(field)) }
    return parts
  }
}
