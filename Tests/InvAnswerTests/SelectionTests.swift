import InvAnswer
import InvFormat
import Testing

@Suite struct SelectionTests {
  private let kept = schema(
    ["DEEP_ARCHIVE", "GLACIER", "STANDARD", "a,b=c", ""],
    [.state, Dimension("class", .word), .size, .age])

  private func selection(_ text: String) throws -> Selection {
    try Selection(try WhereClause(Array(text.utf8)), in: kept)
  }

  /// The numbers of the allowed values; nil where all are.
  private func values(_ text: String, _ dimension: Int) throws -> [Int]? {
    try selection(text).allowed[dimension].map { values in values.indices.filter { values[$0] } }
  }

  @Test(
    arguments: [
      ("class=GLACIER", 1, [2]), ("class=GLACIER,DEEP_ARCHIVE", 1, [1, 2]),
      ("class=GLACIER,size=0,class=STANDARD,DEEP_ARCHIVE", 1, [1, 2, 3]), ("class=", 1, [0]),
      ("class=a\\x2cb=c", 1, [4]), ("class=GLACIER,a\\x2cb\\x3dc", 1, [2, 4]),
      ("state=noncurrent,delete-marker", 0, [1, 2]), ("size=0", 2, [0]), ("size=0..1", 2, [0]),
      ("size=..1MiB", 2, [0, 1, 2, 3, 4, 5]), ("size=128KiB..1MiB", 2, [5]),
      ("size=128 KiB..1 MiB", 2, [5]), ("size=100G..", 2, [11]),
      ("size=..", 2, Array(0..<12)), ("size=..1,100GiB..", 2, [0, 11]), ("age=..30d", 3, [0]),
      ("age=1y..", 3, [5, 6, 7, 8, 9, 10, 11]), ("age=1y..2y", 3, [5]), ("age=365d..730d", 3, [5]),
      ("age=0..30d,unknown", 3, [0, 12]), ("age=0d..", 3, Array(0..<12)), ("age=7y..", 3, [11]),
    ] as [(String, Int, [Int])])
  func means(text: String, dimension: Int, expected: [Int]) throws {
    #expect(try values(text, dimension) == expected)
  }

  @Test(
    arguments: [
      ("age=100d..", "age=100d..: no band begins at 100d; the nearest are 90d and 180d"),
      ("age=..100d", "age=..100d: no band ends at 100d; the nearest are 90d and 180d"),
      ("age=6w..", "age=6w..: no band begins at 6w; the nearest are 30d and 60d"),
      ("age=8y..", "age=8y..: no band begins at 8y; the nearest is 7y"),
      ("size=2MiB..", "size=2MiB..: no band begins at 2MiB; the nearest are 1 MiB and 10 MiB"),
      ("size=1TiB..", "size=1TiB..: no band begins at 1TiB; the nearest is 100 GiB"),
      ("size=1KiB", "size=1KiB: no band holds only that; write a range such as 128KiB..1MiB"),
      ("size=", "size=: '' is not a size such as 128KiB"),
      ("size=1..x", "size=1..x: 'x' is not a size such as 128KiB"),
      ("size=..1..", "size=..1..: '1..' is not a size such as 128KiB"),
      ("size=unknown", "size=unknown: 'unknown' is not a size such as 128KiB"),
      ("age=30", "age=30: '30' is not an age such as 90d, 6w or 1y"),
      ("age=3m..", "age=3m..: '3m' is not an age such as 90d, 6w or 1y"),
      (
        "age=99999999999999999999d..",
        "age=99999999999999999999d..: '99999999999999999999d' is not an age such as 90d, 6w or 1y"
      ),
      ("age=2y..1y", "age=2y..1y: the range is empty"),
      ("age=1y..1y", "age=1y..1y: the range is empty"),
      ("size=..0", "size=..0: the range is empty"),
      ("class=GLACIR", "dimension 'class' has no word 'GLACIR'; did you mean 'GLACIER'?"),
      (
        "class=glacier",
        "dimension 'class' has no word 'glacier'; it has , DEEP_ARCHIVE, GLACIER, STANDARD, a,b=c"
      ),
      (
        "state=old",
        "dimension 'state' has no word 'old'; it has current, noncurrent, delete-marker, directory, link"
      ),
      ("clas=x", "the index has no dimension 'clas'; did you mean 'class'?"),
      ("owner=x", "the index has no dimension 'owner'; it has state, class, size, age"),
      ("GLACIER", "'GLACIER' names no dimension; write such as class=GLACIER"),
      ("", "'' names no dimension; write such as class=GLACIER"),
      ("class=\\q", "'\\\\q' has a backslash that escapes nothing"),
    ] as [(String, String)])
  func refuses(text: String, message: String) {
    #expect(sentence { _ = try selection(text) } == message)
  }

  @Test func matchesPoints() throws {
    let code = try kept.pointCode()
    let selection = try selection("class=GLACIER,size=1MiB..")
    #expect(!selection.restrictsState && !selection.isEverything)
    for state in ObjectState.allCases {
      let large = try cell(kept, "GLACIER", 1, each: 5 << 20, state).code
      #expect(selection.matches(large, code))
      #expect(selection.forTotals.matches(large, code) == (state == .current))
    }
    #expect(!selection.matches(try cell(kept, "GLACIER", 1, each: 5).code, code))
    #expect(!selection.matches(try cell(kept, "STANDARD", 1, each: 5 << 20).code, code))
    let hidden = try self.selection("state=noncurrent")
    #expect(hidden.restrictsState && hidden.forTotals == hidden)
    #expect(Selection(kept).isEverything)
    #expect(Selection(kept).matches(.max, code))
    #expect(!selection.matches(.max, code))
  }

  @Test func everyNameMeansItsValue() throws {
    for (place, dimension) in kept.dimensions.enumerated() {
      for (index, name) in dimension.names(words: kept.words[place]).enumerated() {
        let text = String(decoding: name, as: UTF8.self).replacing(",", with: "\\x2c")
        #expect(try values("\(dimension.name)=\(text)", place) == [index])
      }
    }
    let sizes = Dimension.size.names(words: []).map { String(decoding: $0, as: UTF8.self) }
    #expect(sizes[...3] == ["0 B", "1 B..1 KiB", "1 KiB..10 KiB", "10 KiB..100 KiB"])
    #expect(sizes.last == "100 GiB..")
    let ages = Dimension.age.names(words: []).map { String(decoding: $0, as: UTF8.self) }
    #expect(ages.first == "0d..30d")
    #expect(ages[4...5] == ["180d..1y", "1y..2y"] && ages[11...] == ["7y..", "unknown"])
  }

  @Test(
    arguments: [
      ("90d", .days(90)), ("6w", .days(42)), ("1y", .days(365)), ("0", .days(0)),
      ("2026-11-01", .date(1_793_491_200)), ("1969-12-31", .date(-86_400)),
    ] as [(String, AgeLimit)])
  func readsAges(text: String, limit: AgeLimit) { #expect(AgeLimit(option: text) == limit) }

  @Test(arguments: [
    "", "d", "90", "3m", "-1d", "1.5y", "2026-13-01", "20261101", "2026-11-01Z", "90D",
  ])
  func refusesAges(text: String) { #expect(AgeLimit(option: text) == nil) }

  @Test func anAgeCountsFromTheSnapshot() throws {
    // What is 90 days old to the second is older, what is a second younger is not.
    let limit = try AgeLimit.days(90).boundary(snapshot: 1_000_000_000)
    #expect(1_000_000_000 - 90 * 86_400 < limit)
    #expect(1_000_000_000 - 90 * 86_400 + 1 >= limit)
    #expect(try AgeLimit.date(86_400).boundary(snapshot: nil) == 86_400)
    #expect(try AgeLimit.days(.max).boundary(snapshot: 0) == .min)
    #expect(
      sentence { _ = try AgeLimit.days(1).boundary(snapshot: nil) }
        == "the index does not say of when it is: give a date instead of an age")
  }
}
