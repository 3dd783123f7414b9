import Foundation
import InvFormat
import Testing

/// Keys of every byte at every place come back from text and from JSON.
@Suite struct EscapeTests {
  private static let header = "#inv-rows: 1\n# kind: objects\n# column: key\tkey\nkey\n"

  private func stream(of keys: [[UInt8]]) throws -> [UInt8] {
    var text = Array(Self.header.utf8) + Array("#source\n# file: f\n# origin: \tb\t-\t\n".utf8)
    for key in keys {
      for byte in key { text += Array(String(format: "\\x%02x", Int(byte)).utf8) }
      text.append(0x0a)
    }
    return try load(text + Array("#end\n".utf8))
  }

  @Test(arguments: [1, 7, 8, 9, 16, 20])
  func everyByteAtEveryPlace(length: Int) throws {
    var keys: [[UInt8]] = []
    for byte in UInt8.min...UInt8.max {
      for place in 0..<length {
        var key = [UInt8](repeating: 0x61, count: length)
        key[place] = byte
        keys.append(key)
      }
    }
    let stream = try stream(of: keys)
    let printed = try text(stream).bytes
    #expect(!printed.contains { $0 < 0x20 && $0 != 0x0a && $0 != 0x09 || $0 == 0x7f })
    #expect(try load(printed) == stream)
    let json = try text(stream, .json, rowsOnly: true).bytes
    let lines = json.split(separator: 0x0a)
    #expect(lines.count == keys.count)
    for (line, key) in zip(lines, keys) where key.allSatisfy({ $0 < 0x80 }) {
      let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: String]
      #expect(object?["key"] == String(decoding: key, as: UTF8.self))
    }
  }
}
