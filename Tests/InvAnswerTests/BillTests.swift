import InvAnswer
import InvFormat
import Testing

@Suite struct BillTests {
  @Test func billsAreTablesToo() throws {
    let schema = schema(["GLACIER", "SNOW", "STANDARD"])
    let cells = [
      try cell(schema, "STANDARD", 3000, each: 1 << 30),
      try cell(schema, "STANDARD", 1000, each: 1 << 30, .noncurrent),
      try cell(schema, "GLACIER", 32_768, each: 1 << 20),
      try cell(schema, "SNOW", 5, each: 1 << 30),
      try cell(schema, "STANDARD", 7, each: 0, .marker),
    ]
    let region = try PriceList.shipped.region(nil)
    let bill = try Pricing(schema, region, whole: cells).bill(of: cells)
    let table = try show(Bill.columns, .table, footer: bill.omissions + region.footer) {
      bill.write(to: &$0, currency: region.currency) { $0.text([]) }
    }
    #expect(
      table.split(separator: "\n").prefix(7).joined(separator: "\n") == """
        class     state          objects       bytes  billed_bytes  overhead_bytes  storage  overhead  monitoring   cost    share
        GLACIER   current         32,768    32.0 GiB      32.0 GiB         1.3 GiB     0.12      0.01        0.00   0.12    0.1 %
        STANDARD  current          3,000     2.9 TiB       2.9 TiB             0 B    69.00      0.00        0.00  69.00   74.9 %
        STANDARD  noncurrent       1,000  1000.0 GiB    1000.0 GiB             0 B    23.00      0.00        0.00  23.00   25.0 %
        SNOW      (no price)           5     5.0 GiB             -               -        -         -           -      -        -
        -         delete-marker        7         0 B             -               -        -         -           -   0.00        -
        (total)   -                    -           -             -               -        -         -           -  92.12  100.0 %
        """)
    #expect(
      table.contains(
        "the total leaves out class 'SNOW', which has no price: 5 objects, 5.0 GiB\n"
          + "prices: us-east-1, USD, 2025-10-28: AWS Price List API"))
    let lines = try show(Bill.columns, .tsv) {
      bill.write(to: &$0, currency: region.currency) { $0.text([]) }
    }
    .split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(
      lines.map { [$0[1], $0[2], $0[10]] } == [
        ["class", "state", "cost"], ["GLACIER", "current", "0.124550"],
        ["STANDARD", "current", "69.000000"], ["STANDARD", "noncurrent", "23.000000"],
        ["SNOW", "(no price)", "-"], ["-", "delete-marker", "0.000000"],
        ["(total)", "-", "92.124550"],
      ])
    #expect(lines.dropFirst().allSatisfy { $0.count == 12 && $0[11] == "USD" })
  }
}
