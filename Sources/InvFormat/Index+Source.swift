import InvBytes
public import InvSystem
import InvText

extension Index {
  /// What source.json says; nil where there is none.
  private func source() throws(Failure) -> JSONValue? {
    let name = IndexManifest.sourceName
    guard let text = try folder.text(name) else { return nil }
    do throws(FormatError) { return try JSON.parse(text, lossless: true) } catch {
      throw failure(FormatError("\(name): \(error.what)", at: error.at))
    }
  }

  /// The data files that the index was made of and how many rows each gave, as its source.json says.
  public func sourceFiles() throws(Failure) -> [(name: [UInt8], rows: UInt64?)] {
    var files: [(name: [UInt8], rows: UInt64?)] = []
    for file in try source()?["files"]?.array ?? [] {
      guard let name = file["name"]?.bytes else { continue }
      files.append((name, file["rows"]?.number?.uint64))
    }
    return files
  }

  /// Who made the rows and from what, as source.json says, for those who read the rows from here.
  func makers() throws(Failure) -> Makers {
    var makers = Makers()
    for maker in try source()?["makers"]?.array ?? [] {
      var fields = Fields()
      for member in maker.object?.members ?? [] {
        let parts = member.value.bytes.map { [$0] } ?? member.value.array?.compactMap(\.bytes) ?? []
        if !parts.isEmpty, let name = Fields.name(member.key[...]) {
          fields.add(name, parts: parts)
        }
      }
      if !fields.lines.isEmpty { makers.add(fields) }
    }
    var files = Fields()
    for (name, rows) in try sourceFiles() {
      files.add("file", parts: [name] + (rows.map { [Array("\($0)".utf8)] } ?? []))
    }
    if !files.lines.isEmpty { makers.add(files) }
    return makers
  }
}
