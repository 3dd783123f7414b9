import InvBytes
public import InvSystem
import InvText

extension Index {
  /// The data files that the index was made of and how many rows each gave, as its source.json says.
  public func sourceFiles() throws(Failure) -> [(name: [UInt8], rows: UInt64?)] {
    let name = IndexManifest.sourceName
    guard let text = try folder.text(name) else { return [] }
    let source: JSONValue
    do throws(FormatError) { source = try JSON.parse(text, lossless: true) } catch {
      throw failure(FormatError("\(name): \(error.what)", at: error.at))
    }
    var files: [(name: [UInt8], rows: UInt64?)] = []
    for file in source["files"]?.array ?? [] {
      guard let name = file["name"]?.bytes else { continue }
      files.append((name, file["rows"]?.number?.uint64))
    }
    return files
  }
}
