import Foundation
import InvSystem
import Testing

@Suite struct AccountsTests {
  /// The first of each number and of each name in passwd(5) or group(5).
  private func listed(_ file: String) throws -> [(name: String, number: UInt32)] {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    var (names, numbers): (Set<String>, Set<UInt32>) = ([], [])
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count > 3, let number = UInt32(fields[2]) else { return nil }
      let isFirst = names.insert(String(fields[0])).inserted
      return numbers.insert(number).inserted && isFirst ? (String(fields[0]), number) : nil
    }
  }

  @Test(arguments: [(Accounts.Kind.user, "/etc/passwd"), (.group, "/etc/group")])
  func areThoseOfTheSystem(kind: Accounts.Kind, file: String) throws {
    let all = Accounts.all(kind)
    for (name, number) in try listed(file) {
      let bytes = Array(name.utf8)
      #expect(try Accounts.name(kind, of: number) == bytes)
      #expect(try Accounts.number(kind, of: bytes) == number)
      if let all { #expect(all[number] == bytes) }
    }
    #expect(try Accounts.number(kind, of: Array("nobody is called so".utf8)) == nil)
    #expect(try Accounts.number(kind, of: [0x72, 0, 0x74]) == nil)
    #expect(try Accounts.name(kind, of: 4_111_222_333) == nil)
  }

  @Test func areThoseOfThisProcess() {
    #expect(Accounts.own(.user) == getuid() && Accounts.own(.group) == getgid())
  }
}
