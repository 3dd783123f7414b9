import InvBytes
import InvSystem

extension StreamPrinter {
  func printPrefixes(_ stream: RowStream) throws(Failure) {
    let reader = try PrefixReader(stream, wanting: "inv-cat")
    let schema = reader.schema
    for (place, words) in schema.words.enumerated() where !words.isEmpty {
      for part in wordParts(words) {
        frame(words: Array(words[part]), of: schema.dimensions[place].name)
      }
    }
    let lines = PrefixLines(schema, reader.code, isJSON: format == .json)
    names(["prefix"] + schema.roles.map(\.rawValue))
    var walk: PrefixRows
    do throws(FormatError) { walk = try PrefixRows(schema) } catch {
      throw stream.frames.failure(error)
    }
    while let event = try reader.next() {
      switch event {
      case .block(let block):
        try stream.frames.checking(block.frame) { () throws(FormatError) in try walk.begin(block) }
        while try stream.frames.checking(
          block.frame, { () throws(FormatError) in try walk.next() })
        {
          lines.append(walk, to: &text)
          rows += 1
          try relieve(&text)
        }
      case .progress: frame("progress", reader.fields)
      case .maker: frame("maker", reader.fields)
      case .end:
        if reader.isIndexed { frame("index") }
        frame("end", reader.fields)
      }
      try relieve(&text)
    }
  }
}

/// Makes lines of prefix rows.
private struct PrefixLines {
  private let roles: [PrefixSchema.Role]
  private let code: PointCode
  private let isJSON: Bool
  /// By dimension and value, with what stands before: a comma, or a name in JSON.
  private let labels: [[[UInt8]]]
  private let leads: [[UInt8]]

  init(_ schema: PrefixSchema, _ code: PointCode, isJSON: Bool) {
    roles = schema.roles
    self.code = code
    self.isJSON = isJSON
    leads = roles.map { isJSON ? Array(",\"\($0.rawValue)\":".utf8) : [0x09] }
    let sizes = schema.sizes
    labels = schema.dimensions.enumerated().map { place, dimension in
      var name: [UInt8] = [0x2c]
      if isJSON {
        name.write(json: Array(dimension.name.utf8))
        name.append(0x3a)
      }
      // The first of a cell needs no comma.
      if place == 0 { name.removeFirst() }
      return (0..<sizes[place]).map { value in
        name + Self.label(dimension, value, schema.words[place], isJSON: isJSON)
      }
    }
  }

  private static func label(
    _ dimension: Dimension, _ value: Int, _ words: [[UInt8]], isJSON: Bool
  ) -> [UInt8] {
    var text: [UInt8] = []
    switch dimension.axis {
    case .word where isJSON: text.write(json: words[value])
    case .word: text.write(value: words[value])
    case .state where isJSON: text.write(json: Array(dimension.label(value).utf8))
    case .band(let edges, _) where isJSON && value == edges.count: text += "null".utf8
    case .state, .band: text += dimension.label(value).utf8
    }
    return text
  }

  func append(_ row: PrefixRows, to text: inout [UInt8]) {
    if isJSON {
      text += "{\"prefix\":".utf8
      text.write(json: row.prefix)
    } else {
      text.write(key: row.prefix)
    }
    for (place, role) in roles.enumerated() {
      text += leads[place]
      switch role {
      case .listed: text.write(row.listed)
      case .oldestModified: append(row.times.oldestModified, to: &text)
      case .newestModified: append(row.times.newestModified, to: &text)
      case .oldestAccessed: append(row.times.oldestAccessed, to: &text)
      case .newestAccessed: append(row.times.newestAccessed, to: &text)
      case .cells: append(row.cells, to: &text)
      }
    }
    if isJSON { text.append(0x7d) }
    text.append(0x0a)
  }

  private func append(_ time: Int64, to text: inout [UInt8]) {
    if time == absentInt {
      if isJSON { text += "null".utf8 } else { text.append(0x2d) }
      return
    }
    if isJSON { text.append(0x22) }
    text.write(time: time)
    if isJSON { text.append(0x22) }
  }

  private func append(_ cells: [Cell], to text: inout [UInt8]) {
    if isJSON { text.append(0x5b) } else if cells.isEmpty { text.append(0x2d) }
    for (index, cell) in cells.enumerated() {
      if index > 0 { text.append(isJSON ? 0x2c : 0x3b) }
      if isJSON { text.append(0x7b) }
      for dimension in labels.indices {
        text += labels[dimension][Int(code.value(dimension, of: cell.code))]
      }
      if isJSON {
        text += ",\"objects\":".utf8
        text.write(cell.objects)
        text += ",\"bytes\":".utf8
        text.write(cell.bytes)
        text.append(0x7d)
      } else {
        text.append(0x3d)
        text.write(cell.objects)
        text.append(0x3a)
        text.write(cell.bytes)
      }
    }
    if isJSON { text.append(0x5d) }
  }
}
