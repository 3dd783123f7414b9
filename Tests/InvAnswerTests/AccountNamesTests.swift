import InvAnswer
import InvFormat
import InvSystem
import Testing

/// A system with a few accounts.
final class MadeAccounts: AccountNames {
  private let users: [UInt32: String] = [0: "root", 1000: "ann", 1004: "bob", 7: "77"]
  private let groups: [UInt32: String] = [100: "users", 4_294_967_294: "nogroup"]

  func name(_ kind: Accounts.Kind, of number: UInt32) -> [UInt8]? {
    (kind == .user ? users : groups)[number].map { Array($0.utf8) }
  }

  func numbers(_ kind: Accounts.Kind, of name: [UInt8]) -> [UInt32] {
    (kind == .user ? users : groups).filter { Array($0.value.utf8) == name }.keys.sorted()
  }

  func names(_ kind: Accounts.Kind) -> [[UInt8]] { kind == .user ? [Array("root".utf8)] : [] }
}

@Suite struct AccountNamesTests {
  private let kept: PrefixSchema = {
    var schema = PrefixSchema(
      dimensions: [.state, Dimension("owner", .word), Dimension("group", .word), .size])
    schema.words[1] = ["", "00", "1000", "1004", "77", "bob"].map { Array($0.utf8) }
    schema.words[2] = ["100", "4294967294", "4294967296"].map { Array($0.utf8) }
    return schema
  }()

  @Test func namesOfNumbers() {
    let names = ValueNames(kept, MadeAccounts())
    func texts(_ place: Int) -> [String] {
      names.names(in: place).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(texts(1) == ["", "00", "ann", "bob", "77", "bob"])
    #expect(texts(2) == ["users", "nogroup", "4294967296"])
    #expect(ValueNames(kept, nil).names(in: 1) == kept.words[1])
    #expect(names.name(6, in: 1) == [0x3f] && names.name(0, in: 4) == [0x3f])
    #expect(texts(0).first == "current")
  }

  /// First a word, then a name, then a number; a number that owns nothing is nobody's.
  @Test(
    arguments: [
      (["ann"], [2]), (["1000"], [2]), (["01000"], [2]), (["bob"], [5]), (["bob", "ann"], [2, 5]),
      (["77"], [4]), (["root"], []), (["0"], []), (["4294967295"], []), (["99", "1004"], [3]),
      (["00"], [1]),
    ])
  func owners(people: [String], expected: [Int]) throws {
    var selection = Selection(kept)
    try selection.restrict(to: people.map { Array($0.utf8) }, .user, kept, MadeAccounts())
    let allowed = try #require(selection.allowed[1])
    #expect(allowed.indices.filter { allowed[$0] } == expected)
    #expect(selection.allowed[2] == nil)
  }

  @Test func whatIsAllowedAlreadyStaysTheLimit() throws {
    var selection = try Selection(try WhereClause(Array("owner=1000,77".utf8)), in: kept)
    try selection.restrict(
      to: [Array("ann".utf8), Array("1004".utf8)], .user, kept, MadeAccounts())
    #expect(selection.allowed[1] == [false, false, true, false, false, false])
  }

  @Test(
    arguments: [
      ("anne", "no user is called 'anne'; did you mean 'ann'?"),
      ("rott", "no user is called 'rott'; did you mean 'root'?"),
      ("4294967296", "the numbers of users end at 4294967295: '4294967296'"),
      ("-1", "no user is called '-1'"),
      ("nobody\n", "no user is called 'nobody\\n'"),
    ])
  func strangers(name: String, message: String) {
    #expect(
      sentence {
        var selection = Selection(kept)
        try selection.restrict(to: [Array(name.utf8)], .user, kept, MadeAccounts())
      } == message)
  }

  @Test func anIndexWithoutOwners() {
    let schema = PrefixSchema(dimensions: [.state, .size])
    #expect(
      sentence {
        var selection = Selection(schema)
        try selection.restrict(to: [[0x30]], .group, schema, MadeAccounts())
      } == "the index has no dimension 'group'; it has state, size")
  }
}
