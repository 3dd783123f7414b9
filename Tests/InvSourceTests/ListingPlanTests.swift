import InvBytes
import TestSupport
import Testing

@testable import InvSource

struct ListingPlanTests {
  /// Lists `bucket` with answers in any order, some of them lost, and gives the keys of the rows.
  private func list(
    _ bucket: FakeBucket, prefix: [UInt8] = [], width: Int, _ random: inout SeededGenerator,
    requests: inout Int
  ) throws -> [[UInt8]] {
    var plan = ListingPlan(prefix: prefix, hasVersions: bucket.hasVersions, width: width)
    var asked: [ListingPlan.Question] = []
    var read: [(ListingPlan.Question, ListingPage)] = []
    var keys: [[UInt8]] = []
    while !plan.isDone {
      while asked.count < width, let question = plan.next() { asked.append(question) }
      if !asked.isEmpty, read.isEmpty || Bool.random(using: &random) {
        let place = Int.random(in: 0..<asked.count, using: &random)
        let question = asked[place]
        let body = bucket.answer(question, prefix: prefix)
        requests += 1
        let page = try ListingPage(body, to: plan.request(for: question))
        if Int.random(in: 0..<8, using: &random) == 0 {
          plan.drop(question)
          continue
        }
        asked.remove(at: place)
        read.append((question, page))
      } else {
        let (question, page) = read.removeFirst()
        if question.probe == nil { keys += page.rows.map { Array(page.key($0)) } }
        _ = try plan.take(page, for: question)
      }
      #expect(requests < 100 * bucket.entries.count + 1000)
    }
    return keys
  }

  private static let letters = Array("aAbz09-. !+_/~é日/".unicodeScalars).map {
    Array(String($0).utf8)
  }

  /// Keys that are awkward to cut between.
  private func keys(_ random: inout SeededGenerator) -> [[UInt8]] {
    var keys: Set<[UInt8]> = []
    let count = Int.random(in: 0...120, using: &random)
    let stem = Array("some/stem-".utf8)
    let kind = Int.random(in: 0..<4, using: &random)
    for number in 0..<count {
      var key: [UInt8] = []
      switch kind {
      case 0:
        for _ in 0...Int.random(in: 0..<6, using: &random) {
          key += Self.letters.randomElement(using: &random) ?? []
        }
      case 1: key = stem + Array(String(1000 + number).utf8)
      case 2: key = Array(String(number &* 0x9e3779b9 & 0xffff, radix: 16).utf8) + stem
      default:
        key = stem + (number % 3 == 0 ? [slash] : []) + Array("\(number / 7)/\(number)".utf8)
      }
      keys.insert(key)
    }
    return keys.filter { !$0.isEmpty }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test(arguments: FakeBucket.Order.allCases, 0..<200)
  func everyKeyComesOnce(_ order: FakeBucket.Order, seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    var names = keys(&random)
    if order == .foldersPassed {
      // Behind a name that is a folder too, such a server forgets what is in the folder.
      let all = names
      names.removeAll { name in all.contains { $0.starts(with: name + [slash]) } }
    }
    var bucket = FakeBucket(names, order: order)
    bucket.pageSize = Int.random(in: 1...5, using: &random)
    bucket.hasTokens = Bool.random(using: &random)
    bucket.ignoresLimit = Bool.random(using: &random)
    bucket.beginsEmpty = Bool.random(using: &random)
    let width = [1, 2, 5, 16].randomElement(using: &random) ?? 1
    var requests = 0
    let listed = try list(bucket, width: width, &random, requests: &requests)
    let isSame =
      listed.sorted { FakeBucket.precedes($0, $1, order) } == bucket.entries.map(\.key)
    #expect(isSame, "seed \(seed)")
  }

  @Test(arguments: [FakeBucket.Order.bytes, .folders], 0..<100)
  func everyVersionComesOnce(_ order: FakeBucket.Order, seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    var bucket = FakeBucket(keys(&random), order: order) { 1 + $0 % 4 }
    bucket.pageSize = Int.random(in: 1...5, using: &random)
    var requests = 0
    let listed = try list(bucket, width: 6, &random, requests: &requests)
    let isSame =
      listed.sorted { FakeBucket.precedes($0, $1, order) } == bucket.entries.map(\.key)
    #expect(isSame, "seed \(seed)")
  }

  @Test(arguments: 0..<50) func onlyThePrefixIsListed(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    let bucket = FakeBucket(keys(&random))
    let prefix = Array("some/stem-1".utf8)
    var requests = 0
    let listed = try list(bucket, prefix: prefix, width: 4, &random, requests: &requests)
    let wanted = bucket.entries.map(\.key).filter { $0.starts(with: prefix) }
    #expect(listed.sorted { $0.lexicographicallyPrecedes($1) } == wanted, "seed \(seed)")
  }

  @Test func aServerThatBeginsWhereItLikesIsFollowed() throws {
    var random = SeededGenerator(1)
    var bucket = FakeBucket((0..<500).map { Array("key-\($0)".utf8) })
    bucket.ignoresStart = true
    var requests = 0
    let listed = try list(bucket, width: 8, &random, requests: &requests)
    #expect(listed == bucket.entries.map(\.key))
  }

  @Test(arguments: [1, 8]) func aServerInNoOrderIsFollowed(width: Int) throws {
    var random = SeededGenerator(2)
    var bucket = FakeBucket((0..<200).map { Array("key-\($0)".utf8) })
    bucket.entries.reverse()
    var requests = 0
    let listed = try list(bucket, width: width, &random, requests: &requests)
    #expect(listed == bucket.entries.map(\.key))
  }

  @Test func aListingThatBeginsAgainIsRefused() throws {
    var plan = ListingPlan(prefix: [], width: 1)
    let body = Array(
      ("<ListBucketResult><Contents><Key>b</Key><Size>1</Size></Contents>"
        + "<Contents><Key>a</Key><Size>1</Size></Contents><IsTruncated>true</IsTruncated>"
        + "<NextContinuationToken>1</NextContinuationToken></ListBucketResult>").utf8)
    #expect(throws: FormatError.self) {
      for _ in 0..<3 {
        guard let question = plan.next() else { return }
        _ = try plan.take(
          try ListingPage(body, to: plan.request(for: question)), for: question)
      }
    }
  }

  /// The answer to a probe comes before a page of its range is read, or meanwhile.
  @Test(arguments: [false, true]) func anEmptyPageThatIsNotTheLastSaysNothing(isHeld: Bool) throws {
    var plan = ListingPlan(prefix: [], width: 2)
    func page(_ keys: [String], _ question: ListingPlan.Question) throws -> ListingPage {
      let rows = keys.map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
      let text =
        "<ListBucketResult>\(rows)<IsTruncated>true</IsTruncated>"
        + "<NextContinuationToken>\(keys)</NextContinuationToken></ListBucketResult>"
      return try ListingPage(Array(text.utf8), to: plan.request(for: question))
    }
    let begun = plan.next()
    let first = try #require(begun)
    _ = try plan.take(try page(["a", "b"], first), for: first)
    let (asked, probed) = (plan.next(), plan.next())
    let (second, probe) = (try #require(asked), try #require(probed))
    #expect(second.probe == nil && probe.probe != nil)
    if isHeld {
      let answer = try page([], second)
      #expect(try plan.take(try page([], probe), for: probe) == nil)
      _ = try plan.take(answer, for: second)
    } else {
      #expect(try plan.take(try page([], probe), for: probe) == nil)
    }
    #expect(plan.ranges.count == 1)
    #expect(plan.ranges[0].end == nil)
    #expect(plan.probes == 1)
    #expect(plan.ranges[0].isWhole && !plan.ranges[0].isProbed)
  }

  @Test func pagesWithoutKeysComeToAnEnd() throws {
    var plan = ListingPlan(prefix: [], width: 1)
    var count = 0
    #expect(throws: FormatError.self) {
      while let question = plan.next(), count < 5000 {
        count += 1
        let text =
          "<ListBucketResult><IsTruncated>true</IsTruncated>"
          + "<NextContinuationToken>\(count)</NextContinuationToken></ListBucketResult>"
        let page = try ListingPage(Array(text.utf8), to: plan.request(for: question))
        _ = try plan.take(page, for: question)
      }
    }
    #expect(count == 1000)
  }

  private func name(_ kind: Int, _ n: Int) -> String {
    switch kind {
    case 0: "flat/object-with-a-rather-long-common-prefix-\(n + 1_000_000).bin"
    case 1: "logs/year=2024/month=\(10 + n % 12)/day=\(10 + n % 28)/part-\(n).gz"
    case 2: String(n &* 0x9e37_79b9 & 0xffff_ffff, radix: 16) + "/x"
    case 3: (n < 3800 ? "a/b/c/" : "z/") + "\(n)"
    default: "日本/\(Unicode.Scalar(UInt32(0x4e00 + n)) ?? "x")/\(n)"
    }
  }

  @Test(arguments: 0..<5)
  func manyRangesAreListedAtOnce(_ kind: Int) throws {
    var random = SeededGenerator(1)
    var bucket = FakeBucket((0..<4000).map { Array(name(kind, $0).utf8) })
    bucket.pageSize = 20
    var requests = 0
    var plan = ListingPlan(prefix: [], width: 16)
    var (rounds, rows) = (0, 0)
    while !plan.isDone {
      var asked: [ListingPlan.Question] = []
      while asked.count < 16, let question = plan.next() { asked.append(question) }
      asked.shuffle(using: &random)
      rounds += 1
      for question in asked {
        requests += 1
        let page = try ListingPage(
          bucket.answer(question, prefix: []), to: plan.request(for: question))
        if question.probe == nil { rows += page.rows.count }
        _ = try plan.take(page, for: question)
      }
    }
    #expect(rows == bucket.entries.count)
    // A plain loop takes 200 of both.
    #expect(rounds < 50)
    #expect(requests < 320)
  }
}
