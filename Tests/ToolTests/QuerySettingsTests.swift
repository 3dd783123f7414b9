import InvAnswer
import InvCLI
import InvSystem
import Testing

@testable import inv_query

@Suite struct QuerySettingsTests {
  @Test func values() {
    #expect(SortKey(option: "direct-bytes")?.key == .directBytes)
    #expect(SortKey(option: "size") == nil)
    #expect(Age(option: "6w")?.limit == .days(42))
    #expect(Age(option: "2026-11-01")?.limit == .date(1_793_491_200))
    #expect(Age(option: "1 year") == nil)
    #expect(Pattern(bytes: [0xff, 0x2a])?.glob.matches([0xff, 0x61]) == true)
    #expect(Pattern(option: "[a") == nil)
    #expect(Pattern(option: "") == nil)
  }

  /// A pattern for a name is one for its last part, with its closing slash or without.
  @Test(arguments: ["web", "web/", "logs/*", "logs/web/", "w?b"])
  func patterns(text: String) throws {
    let glob = try #require(Pattern(option: text)).glob
    #expect(glob.matches(Array((glob.isAnchored ? "logs/web" : "logs/web/").utf8)))
    #expect(!glob.matches(Array("logs/web/x".utf8)))
  }

  @Test func whatIsAboutListingsAsksForOne() {
    var settings = Settings()
    #expect(settings.scope == nil)
    settings.sort = .name
    #expect(settings.scope == .children(1))
    settings.listing.isLeavesOnly = true
    #expect(settings.scope == .all)
    settings.children = 3
    #expect(settings.scope == .children(3))
    settings = Settings()
    settings.listing.least.bytes = 1
    #expect(settings.scope == .children(1))
    settings.tree = 2
    #expect(settings.scope == .tree(2))
  }

  @Test func whatSaysNothingTogetherIsRefused() {
    func refusal(_ change: (inout Settings) -> Void, _ prefixes: [[UInt8]] = []) -> String? {
      var settings = Settings()
      change(&settings)
      do { try settings.check(prefixes) } catch { return error.sentence }
      return nil
    }
    #expect(refusal { _ in } == nil)
    #expect(refusal { $0.sort = .cost } == "--sort cost needs --cost")
    #expect(
      refusal {
        $0.sort = .cost
        $0.hasCost = true
      } == nil)
    #expect(refusal { $0.isNulTerminated = true } != nil)
    #expect(refusal({ $0.isNulTerminated = true }, [[0x2d]]) == nil)
    #expect(refusal({ $0.isInfo = true }, [[]]) != nil)
    #expect(refusal { ($0.isAudit, $0.format) = (true, .json) } == nil)
  }
}
