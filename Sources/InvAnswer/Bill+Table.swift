import InvFormat
import InvSystem
import InvText

extension Bill {
  /// The columns that `write` fills.
  public static var columns: [Table.Column] {
    [
      .init("prefix", .text, in: [.tsv, .csv, .json]), .init("class", .text), .init("state", .text),
      .init("objects", .count),
      .init("bytes", .bytes), .init("billed_bytes", .bytes), .init("overhead_bytes", .bytes),
      .init("storage", .money), .init("overhead", .money), .init("monitoring", .money),
      .init("cost", .money), .init("share", .share),
      .init("currency", .text, in: [.tsv, .csv, .json]),
    ]
  }

  /// Writes the lines, what no price is known for, what costs nothing, and the sum; each row begins
  /// with the cell that `name` writes.
  public func write(to table: inout Table, currency: String, name: (inout Table) -> Void) {
    let currency = Array(currency.utf8)
    // In ticks, and never over 64 bits.
    let scale = UInt128(1) << UInt128(max(0, 64 - total.order.leadingZeroBitCount))
    func share(_ amount: Amount) {
      table.share(
        UInt64(clamping: amount.order / scale), of: UInt64(clamping: total.order / scale))
    }
    for line in lines {
      name(&table)
      table.text(line.name)
      table.text(Array((line.isCurrent ? ObjectState.current : .noncurrent).name.utf8))
      table.count(UInt64(clamping: line.objects))
      for bytes in [line.bytes, line.billed, line.overheadBytes] {
        table.bytes(UInt64(clamping: bytes))
      }
      for amount in [line.storage, line.overhead, line.monitoring, line.total] {
        table.money(amount)
      }
      share(line.total)
      table.text(currency)
      table.endRow()
    }
    for rest in unpriced { write(rest, name, isFree: false, to: &table, currency) }
    for rest in free { write(rest, name, isFree: true, to: &table, currency) }
    name(&table)
    table.label("(total)")
    for _ in 1..<9 { table.missing() }
    table.money(total)
    share(total)
    table.text(currency)
    table.endRow()
  }

  /// What is in no sum has no figures but its own.
  private func write(
    _ rest: Remainder, _ name: (inout Table) -> Void, isFree: Bool, to table: inout Table,
    _ currency: [UInt8]
  ) {
    name(&table)
    if isFree { table.missing() } else { table.text(rest.name) }
    if isFree { table.text(rest.name) } else { table.label("(no price)") }
    table.count(UInt64(clamping: rest.objects))
    table.bytes(UInt64(clamping: rest.bytes))
    for _ in 0..<5 { table.missing() }
    if isFree { table.money(total.none) } else { table.missing() }
    table.missing()
    table.text(currency)
    table.endRow()
  }

  /// What must be said beside the sum: a sentence for each class that it leaves out.
  public var omissions: [String] {
    unpriced.map { rest in
      "the total leaves out class '\(text8(rest.name))', which has no price: "
        + "\(HumanSize.text(count: UInt64(clamping: rest.objects)))"
        + (rest.objects == 1 ? " object, " : " objects, ")
        + HumanSize.text(bytes: UInt64(clamping: rest.bytes))
    }
  }
}

extension PriceRegion {
  /// Whose prices these are, for the foot of a table: `us-east-1, USD, 2025-10-28: source`.
  public var footer: [String] {
    sources.enumerated().map { number, source in
      number == 0
        ? "prices: \(printable(name)), \(printable(currency)), \(date): \(printable(source))"
        : "prices: \(printable(source))"
    }
  }
}
