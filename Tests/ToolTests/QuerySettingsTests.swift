import InvAnswer
import InvCLI
import InvSystem
import InvText
import Testing

@testable import inv_query

@Suite struct QuerySettingsTests {
  @Test func values() {
    #expect(SortKey(option: "direct-bytes")?.key == .directBytes)
    #expect(SortKey(option: "size") == nil)
    #expect(Age(option: "6w")?.limit == .days(42))
    #expect(Age(option: "2026-11-01")?.limit == .date(1_793_491_200))
    #expect(Age(option: "1 year") == nil)
    #expect(NamePattern(option: "*.TMP")?.pattern.glob.matches(Array("a/b.TMP".utf8)) == true)
    #expect(NamePattern(option: "a/b") == nil && NamePattern(option: "a/") != nil)
    #expect(MountPoint(option: "/mnt//")?.bytes == Array("/mnt".utf8))
    #expect(MountPoint(option: "/")?.bytes == [] && MountPoint(option: "") == nil)
    #expect(Person(option: "ann")?.bytes == Array("ann".utf8) && Person(option: "") == nil)
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

  @Test func namesAndDepthsAskForAll() throws {
    var settings = Settings()
    settings.listing.mostDepth = 2
    #expect(settings.scope == .all)
    settings = Settings()
    settings.named = [try #require(NamePattern(option: "tmp"))]
    #expect(settings.scope == .all)
    settings = Settings()
    settings.single = [.user]
    #expect(settings.scope == .children(1))
    settings = Settings()
    settings.accessedAfter = .days(1)
    #expect(settings.scope == .children(1))
  }

  /// With a breakdown, order and number are about its values, unless a listing is asked for.
  @Test func orderIsAboutABreakdown() {
    var settings = Settings()
    #expect(settings.breakdownOrder == nil)
    (settings.by, settings.listing.top) = (["owner"], 3)
    #expect(settings.scope == nil)
    #expect(settings.breakdownOrder?.top == 3 && settings.breakdownOrder?.key == .bytes)
    #expect(settings.breakdownOrder?.hasTotal == true)
    settings.sort = .name
    settings.listing.isReversed = true
    #expect(settings.breakdownOrder?.key == .name && settings.breakdownOrder?.isReversed == true)
    settings.children = 1
    #expect(settings.scope == .children(1) && settings.breakdownOrder == nil)
    settings.hasTotal = true
    #expect(settings.breakdownOrder?.top == nil && settings.breakdownOrder?.key == nil)
    #expect(settings.breakdownOrder?.isReversed == false)
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
    #expect(refusal { ($0.isInfo, $0.isMine) = (true, true) } != nil)
    #expect(refusal { ($0.isMine, $0.olderThan) = (true, .days(365)) } == nil)
    #expect(
      refusal { ($0.isMine, $0.clause, $0.olderThan) = (true, [[0x61]], .days(365)) } != nil)
    #expect(refusal { ($0.isAudit, $0.format) = (true, .json) } == nil)
  }
}
