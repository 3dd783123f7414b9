import InvAnswer
import Testing

@Suite struct TableTests {
  private static let columns: [Table.Column] = [
    .init("prefix", .text), .init("objects", .count), .init("bytes", .bytes),
    .init("share", .share), .init("newest", .time), .init("depth", .count, in: [.json]),
    .init("by", .list),
  ]

  private func fill(_ table: inout Table) {
    table.text(Array("a/b\u{e9}/".utf8))
    table.count(1_234_567)
    table.bytes(3 << 30)
    table.share(3, of: 4)
    table.time(1_793_491_200)
    table.count(2)
    table.list([
      Table.Entry([("class", Array("X\"".utf8))], objects: 1, bytes: .max),
      Table.Entry([], objects: 0, bytes: 10),
    ])
    table.endRow()
    table.text([0x61, 0x2c, 0x22, 0x09, 0x0a, 0x1b, 0xff, 0x2f])
    table.count(0)
    table.bytes(.max)
    table.share(1, of: 4_000)
    table.time(nil)
    table.missing()
    table.list([])
    table.endRow()
    table.label("(directly here)")
    table.count(99)
    table.missing()
    table.share(1, of: 0)
    table.time(.max)
    table.count(0)
    table.missing()
    table.endRow()
  }

  @Test func tabSeparated() throws {
    #expect(
      Array(try show(Self.columns, .tsv, footer: ["not here"], fill).utf8)
        == Array(
          "prefix\tobjects\tbytes\tnewest\na/b\u{e9}/\t1234567\t3221225472\t2026-11-01T00:00:00Z\n"
            .utf8)
        + Array("a,\"\\t\\n\\x1b\u{fffd}/\t0\t18446744073709551615\t-\n".utf8)
        + Array("(directly here)\t99\t-\t@9223372036854775807\n".utf8))
  }

  @Test func commaSeparated() throws {
    #expect(
      try show(Self.columns, .csv, fill) == """
        prefix,objects,bytes,newest
        a/b\u{e9}/,1234567,3221225472,2026-11-01T00:00:00Z
        "a,""\\t\\n\\x1b\u{fffd}/",0,18446744073709551615,
        (directly here),99,,@9223372036854775807

        """)
  }

  @Test func jsonLines() throws {
    #expect(
      try show(Self.columns, .json, fill) == #"""
        {"prefix":"a/bé/","objects":1234567,"bytes":3221225472,"newest":"2026-11-01T00:00:00Z","depth":2,"by":[{"class":"X\"","objects":1,"bytes":18446744073709551615},{"objects":0,"bytes":10}]}
        {"prefix":"a,\"\t\n\u001B\uDCFF/","objects":0,"bytes":18446744073709551615,"newest":null,"depth":null,"by":[]}
        {"prefix":"(directly here)","objects":99,"bytes":null,"newest":"@9223372036854775807","depth":0,"by":null}

        """#)
  }

  @Test func aligned() throws {
    #expect(
      try show(Self.columns, .table, footer: ["source, of when"], fill) == """
        prefix             objects     bytes   share  newest
        a/b\u{e9}/            1,234,567   3.0 GiB  75.0 %  2026-11-01
        a,"\\t\\n\\x1b\u{fffd}/            0  16.0 EiB  <0.1 %  -
        (directly here)         99         -       -  @9223372036854775807
        source, of when

        """)
  }

  @Test func barsTakeTheRoomThatIsLeft() throws {
    let columns: [Table.Column] = [.init("share", .share), .init("prefix", .text)]
    func fill(_ table: inout Table) {
      for part in [0, 1, 499, 1000] as [UInt64] {
        table.share(part, of: 1000)
        table.text(Array("\(part)/".utf8))
        table.endRow()
      }
    }
    #expect(
      try show(columns, .table, width: 24, fill) == """
          share           prefix
          0.0 %           0/
          0.1 %           1/
         49.9 % ####      499/
        100.0 % ########  1000/

        """)
    // Too narrow for a bar, and no terminal at all.
    let plain = try show(columns, .table, fill)
    #expect(!plain.contains("#"))
    #expect(try show(columns, .table, width: 23, fill) == plain)
    let wide = try show(columns, .table, width: 500, fill)
    #expect(wide.contains(String(repeating: "#", count: 24)))
    #expect(!wide.contains(String(repeating: "#", count: 25)))
  }

  @Test func coloursAreForTheFrameOnly() throws {
    let columns: [Table.Column] = [.init("prefix", .text), .init("objects", .count)]
    #expect(
      try show(columns, .table, isColored: true, footer: ["end"]) { table in
        table.text(Array("a\u{1b}[31m/".utf8))
        table.count(7)
        table.endRow()
        table.label("(directly here)")
        table.count(10)
        table.endRow()
      } == "\u{1b}[1mprefix\u{1b}[0m           \u{1b}[1mobjects\u{1b}[0m\n"
        + "a\\x1b[31m/             7\n" + "\u{1b}[2m(directly here)\u{1b}[0m       10\n"
        + "\u{1b}[2mend\u{1b}[0m\n")
  }

  @Test func aVeryLongNameIsCutInTheMiddle() throws {
    let columns: [Table.Column] = [.init("prefix", .text), .init("objects", .count)]
    let long = Array(repeating: UInt8(0x61), count: 40) + Array(repeating: UInt8(0x62), count: 20)
    func fill(_ table: inout Table) {
      table.text(long)
      table.count(7)
      table.endRow()
      table.text([0x62])
      table.count(10)
      table.endRow()
    }
    #expect(
      try show(columns, .table, width: 40, fill) == """
        prefix                           objects
        aaaaaaaaaaaaaaa\u{2026}bbbbbbbbbbbbbbb        7
        b                                     10

        """)
    // Where no one is looking it is whole.
    #expect(
      try show(columns, .table, fill).contains(
        String(decoding: long, as: UTF8.self) + "        7\n"))
  }

  @Test func emptyListingsHaveTheirNames() throws {
    #expect(try show(Self.columns, .tsv) { _ in } == "prefix\tobjects\tbytes\tnewest\n")
    #expect(try show(Self.columns, .json) { _ in } == "")
    #expect(try show(Self.columns, .table) { _ in } == "prefix  objects  bytes  share  newest\n")
    #expect(try show([], .table) { _ in } == "")
    #expect(try show([], .json) { $0.endRow() } == "{}\n")
  }

  @Test func moneyHasTwoDecimalsForPeopleAndSixForPrograms() throws {
    let schema = schema(["STANDARD"])
    let cells = [try cell(schema, "STANDARD", 1 << 20, each: 1 << 30)]
    let amount = try Pricing(schema, try PriceList.shipped.region(nil), whole: cells)
      .total(of: cells)
    let columns: [Table.Column] = [.init("cost", .money)]
    func fill(_ table: inout Table) {
      table.money(amount)
      table.endRow()
    }
    // 51200 GiB at 0.023, 460800 at 0.022, 536576 at 0.021.
    #expect(try show(columns, .table, fill) == "     cost\n22,583.30\n")
    #expect(try show(columns, .tsv, fill) == "cost\n22583.296000\n")
    #expect(try show(columns, .json, fill) == "{\"cost\":22583.296000}\n")
  }

  /// Every number of digits, and both sides of it.
  @Test func digitsAreThoseOfTheStandardLibrary() throws {
    var numbers: [UInt64] = [0, .max, .max - 1]
    var power: UInt64 = 1
    for _ in 0..<19 {
      power *= 10
      numbers += [power - 1, power, power + 1, power / 7]
    }
    let shown = try show([.init("n", .count)], .tsv) { table in
      for number in numbers {
        table.count(number)
        table.endRow()
      }
    }
    #expect(shown == (["n"] + numbers.map { "\($0)" }).joined(separator: "\n") + "\n")
  }
}
