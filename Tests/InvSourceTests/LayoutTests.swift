import InvBytes
import InvFormat
import InvSystem
import Testing

@testable import InvSource

@Suite struct LayoutTests {
  @Test func columnsByName() throws {
    let layout = try RowLayout(
      RowLayout.names("bucket,KEY , last_modified_date,Storage_Class, Whatever"), file: "f")
    #expect(layout.key == 1 && layout.modified == 2 && layout.storageClass == 3)
    #expect(layout.size == nil && !layout.hasStates && layout.fields == 5)
    #expect(layout.schema.columns.map(\.name) == ["key", "class", "modified"])
  }

  @Test func whatIsWrongWithColumns() {
    func sentence(_ schema: String, with words: [String] = []) -> String? {
      do throws(Failure) {
        _ = try RowLayout(RowLayout.names(schema), carrying: words, file: "f")
        return nil
      } catch { return error.sentence }
    }
    #expect(sentence("Bucket, Size") == "f: no column 'Key' among Bucket, Size")
    #expect(sentence("Key, Size, key") == "f: column 'key' is there twice")
    #expect(sentence("Key", with: ["owner"]) == "f: no column 'owner' to carry among Key")
    #expect(sentence("Key, Links", with: ["links"]) == "f: column 'Links' cannot be carried")
    #expect(sentence("Key, Ключ", with: ["Ключ"]) == "f: column 'Ключ' cannot be carried")
    #expect(sentence("Key, Size", with: ["size"]) == nil)
  }

  @Test func tiers() {
    func spelling(_ name: String, _ tier: String = "") -> String {
      String(
        decoding: StorageTier.spelling(class: Array(name.utf8), accessTier: Array(tier.utf8)),
        as: UTF8.self)
    }
    for tier in StorageTier.allCases {
      #expect(spelling(tier.rawValue) == tier.rawValue)
      #expect(spelling(tier.shortName) == tier.rawValue)
      #expect(StorageTier(name: tier.shortName.uppercased()) == tier)
    }
    let access = [
      ("FREQUENT", "FREQUENT_ACCESS"), ("FREQUENT_ACCESS", "FREQUENT_ACCESS"),
      ("INFREQUENT", "INFREQUENT_ACCESS"), ("ARCHIVE_INSTANT_ACCESS", "ARCHIVE_INSTANT_ACCESS"),
      ("ARCHIVE", "ARCHIVE_ACCESS"), ("ARCHIVE_ACCESS", "ARCHIVE_ACCESS"),
      ("DEEP_ARCHIVE", "DEEP_ARCHIVE_ACCESS"), ("deep_archive_access", "DEEP_ARCHIVE_ACCESS"),
      ("SOMETHING_NEW", "SOMETHING_NEW"),
    ]
    for (given, printed) in access {
      #expect(spelling("INTELLIGENT_TIERING", given) == "INTELLIGENT_TIERING/\(printed)")
      #expect(spelling("INTELLIGENT_TIERING/\(given)") == "INTELLIGENT_TIERING/\(printed)")
    }
    #expect(spelling("INTELLIGENT_TIERING") == "INTELLIGENT_TIERING")
    #expect(spelling("STANDARD", "FREQUENT") == "STANDARD")
    #expect(spelling("EXPRESS_ONEZONE") == "EXPRESS_ONEZONE")
    #expect(spelling("Hot") == "Hot")
  }

  @Test func numbers() {
    func decimal(_ text: String) -> UInt64? {
      let bytes = Array("..\(text)".utf8) + [UInt8](repeating: 0x39, count: 32)
      return bytes.raw.decimal(2, text.utf8.count)
    }
    for digits in 1...20 {
      for lead in ["1", "9", "0"] {
        let text = lead + String(repeating: "7", count: digits - 1)
        #expect(decimal(text) == UInt64(text), "\(text)")
        for place in 0..<digits {
          for other in ["/", ":", " ", "\u{7f}", "-"] {
            var wrong = Array(text)
            wrong[place] = Character(other)
            #expect(decimal(String(wrong)) == nil, "\(String(wrong))")
          }
        }
      }
    }
    #expect(decimal("") == nil)
    #expect(decimal("18446744073709551615") == .max)
    #expect(decimal("18446744073709551616") == nil)
    #expect(decimal("00000000000000000000000000007") == 7)
  }

  @Test func timesAndTruths() {
    func bytes(_ text: String) -> [UInt8] {
      Array(text.utf8) + [UInt8](repeating: 0x5a, count: 32)
    }
    func time(_ text: String) -> Int64? { bytes(text).raw.time(0, text.utf8.count) }
    #expect(time("") == absentInt)
    #expect(time("1970-01-01T00:00:01.000Z") == 1)
    #expect(time("1970-01-01T01:00:01+01:00") == 1)
    #expect(time("1970-01-01") == 0)
    #expect(time("1970-01-32") == nil)
    func truth(_ text: String) -> Bool? { bytes(text).raw.truth(0, text.utf8.count) }
    for text in ["true", "TRUE", "True"] { #expect(truth(text) == true) }
    for text in ["false", "FALSE", "False"] { #expect(truth(text) == false) }
    for text in ["", "yes", "truf", "falsy", "1", "trues"] { #expect(truth(text) == nil) }
  }
}
