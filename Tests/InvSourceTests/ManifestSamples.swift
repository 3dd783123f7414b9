import InvDigest
import Foundation
import InvSource

/// A manifest with one file; `edits` replace text in it.
func manifestText(_ edits: (String, String)...) -> [UInt8] {
  var text = """
    {
      "sourceBucket" : "example", "destinationBucket" : "arn:aws:s3:::lists",
      "version" : "2016-11-30", "creationTimestamp" : "1793491200000",
      "fileFormat" : "CSV", "fileSchema" : "Bucket, Key, Size",
      "files" : [ {
        "key" : "dp/example/daily/data/1.csv.gz", "size" : 2147483647,
        "MD5checksum" : "f11166069f1990abeb9c97ace9cdfabc"
      } ]
    }
    """
  for (old, new) in edits { text = text.replacing(old, with: new) }
  return Array(text.utf8)
}

/// A folder that is gone with its content when this is.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/inv-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and the folders it lies in; answers its path.
  @discardableResult func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    let folder = file[..<(file.lastIndex(of: "/") ?? file.endIndex)]
    try FileManager.default.createDirectory(
      atPath: String(folder), withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}
