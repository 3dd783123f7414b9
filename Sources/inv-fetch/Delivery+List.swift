import InvAccess
import InvCLI
import InvSource
import InvSystem
import InvText

extension Delivery {
  /// Writes a table for people, or tab-separated lines for programs.
  func list() throws(Failure) {
    var output = TextOutput()
    let isTable = output.isTerminal
    func size(_ bytes: UInt64) -> String { isTable ? HumanSize.text(bytes: bytes) : String(bytes) }
    func line(_ size: String, _ format: String, _ key: [UInt8], _ place: [UInt8]) -> [UInt8] {
      func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
      }
      let before = String(repeating: " ", count: max(0, 10 - size.utf8.count))
      let head = isTable ? before + size + "  " + padded(format, 10) + "  " : "\(size)\t\(format)\t"
      return Array(head.utf8) + TextEscape.escaped(key) + (isTable ? [0x20, 0x20] : [0x09])
        + TextEscape.escaped(place) + [0x0a]
    }
    try output.write(line("size", "format", Array("key".utf8), Array("path".utf8)))
    let digests =
      try settings.isVerifying
      ? DataFileDigests(of: local.map(\.path), threads: settings.threads) : nil
    for (place, file) in files.enumerated() {
      if let digests {
        try require(
          try digests.digest(place), of: file, at: String(decoding: file.shown, as: UTF8.self))
      }
      let format = manifests[file.manifest].file.manifest.format.rawValue
      try output.write(line(size(file.listed.size), format, file.listed.key, file.shown))
    }
    let count = HumanSize.text(count: UInt64(files.count))
    try output.write(line(size(bytes), "total", Array("\(count) files".utf8), []))
    try output.finish()
  }
}
