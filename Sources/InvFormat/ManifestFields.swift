import InvBytes
import InvText

/// The members of a JSON object that must be there, by name and type.
struct ManifestFields {
  private let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  private func fault(_ name: String) -> FormatError {
    FormatError("its member '\(name)' is missing or of another type", at: 0)
  }

  func bytes(_ name: String) throws(FormatError) -> [UInt8] {
    guard let bytes = value[name]?.bytes else { throw fault(name) }
    return bytes
  }

  func text(_ name: String) throws(FormatError) -> String {
    guard let text = value[name]?.text else { throw fault(name) }
    return text
  }

  func number(_ name: String) throws(FormatError) -> UInt64 {
    guard let number = value[name]?.number?.uint64 else { throw fault(name) }
    return number
  }

  /// A number of things that each take more than a byte.
  func small(_ name: String) throws(FormatError) -> Int {
    guard let number = Int(exactly: try number(name)), number <= 1 << 32 else {
      throw fault(name)
    }
    return number
  }

  func bool(_ name: String) throws(FormatError) -> Bool {
    guard let bool = value[name]?.bool else { throw fault(name) }
    return bool
  }

  /// Sixteen hexadecimal digits.
  func hex(_ name: String) throws(FormatError) -> UInt64 {
    let text = try text(name)
    guard text.utf8.count == 16, text.allSatisfy({ $0.isHexDigit && !$0.isUppercase }),
      let number = UInt64(text, radix: 16)
    else { throw fault(name) }
    return number
  }

  func list(_ name: String) throws(FormatError) -> [ManifestFields] {
    guard let list = value[name]?.array else { throw fault(name) }
    return list.map(ManifestFields.init)
  }

  func strings(_ name: String) throws(FormatError) -> [[UInt8]] {
    guard let list = value[name]?.array else { throw fault(name) }
    let strings = list.compactMap(\.bytes)
    guard strings.count == list.count else { throw fault(name) }
    return strings
  }

  private func isNull(_ name: String) -> Bool { value[name] == .null }

  /// What the rows are, as the header of prefix rows says it.
  ///
  /// It is put together as that header, and read as one, so that the same rules hold.
  func schema() throws(FormatError) -> PrefixSchema {
    var fields = Fields()
    fields.add("kind", "prefixes")
    fields.add("order", "prefix")
    fields.add("column", "prefix", "key")
    if try bool("listed") { fields.add("column", "listed", "uint") }
    for time in try strings("times") {
      let name = String(decoding: time, as: UTF8.self)
      guard ["modified", "accessed"].contains(name) else { throw fault("times") }
      fields.add("column", "oldest-\(name)", "int")
      fields.add("column", "newest-\(name)", "int")
    }
    fields.add("column", "cells", "uint")
    let dimensions = try list("dimensions")
    for dimension in dimensions { fields.add("dimension", parts: try dimension.dimensionParts()) }
    fields.add("age-of", try text("age_of"))
    if value["size_of"] != nil { fields.add("size-of", try bytes("size_of")) }
    if !isNull("max_depth") { fields.add("max-depth", try number("max_depth")) }
    if !isNull("under") { fields.add("under", try bytes("under")) }
    for origin in try list("origins") { fields.add("origin", parts: try origin.originParts()) }
    var schema = try PrefixSchema(fields)
    for (place, dimension) in dimensions.enumerated() where try dimension.text("type") == "word" {
      try schema.add(try dimension.strings("words"), first: 0, at: place)
    }
    return schema
  }

  /// The names of the words of each dimension.
  func names() throws(FormatError) -> [[[UInt8]?]?] {
    var all: [[[UInt8]?]?] = []
    for dimension in try list("dimensions") { all.append(try dimension.namesOfWords()) }
    return all
  }

  /// Nil where the member is missing.
  private func namesOfWords() throws(FormatError) -> [[UInt8]?]? {
    guard let member = value["names"] else { return nil }
    guard let list = member.array else { throw fault("names") }
    guard try text("type") == "word", list.count == (try strings("words")).count else {
      throw FormatError("its member 'names' is not as long as 'words'", at: 0)
    }
    var names: [[UInt8]?] = []
    for value in list {
      guard value != .null else {
        names.append(nil)
        continue
      }
      guard let name = value.bytes, !name.isEmpty, !name.contains(0) else { throw fault("names") }
      names.append(name)
    }
    return names
  }

  private func dimensionParts() throws(FormatError) -> [[UInt8]] {
    var parts = [try bytes("name"), try bytes("type")]
    if try text("type") == "band" {
      guard let edges = value["edges"]?.array else { throw fault("edges") }
      for edge in edges {
        guard let number = edge.number?.uint64 else { throw fault("edges") }
        parts.append(Array("\(number)".utf8))
      }
      if try bool("unknown") { parts.append(Array("unknown".utf8)) }
    }
    return parts
  }

  private func originParts() throws(FormatError) -> [[UInt8]] {
    let columns = try strings("columns").map { String(decoding: $0, as: UTF8.self) }
    return [
      try bytes("mount"), try bytes("name"),
      isNull("snapshot") ? Array("-".utf8) : try bytes("snapshot"),
      Array(columns.joined(separator: " ").utf8),
    ]
  }

  func audit() throws(FormatError) -> Audit {
    var audit = Audit()
    audit.read = try number("read")
    audit.setAside = try counts("set_aside", of: "reason", "rows")
    audit.leftOut = try counts("left_out", of: "reason", "rows")
    audit.remarks = try counts("remarks", of: "what", "values")
    for example in try list("examples") {
      audit.examples.append(
        Audit.Example(
          file: try example.bytes("file"), row: try example.number("row"),
          byte: try example.number("byte"), reason: try example.text("reason")))
    }
    return audit
  }

  private func counts(_ name: String, of what: String, _ count: String) throws(FormatError)
    -> [String: UInt64]
  {
    var counts: [String: UInt64] = [:]
    for entry in try list(name) { counts[try entry.text(what)] = try entry.number(count) }
    return counts
  }
}
