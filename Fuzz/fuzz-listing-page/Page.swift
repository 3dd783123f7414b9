import InvSource

/// Reads the bytes as an answer of a server to a listing: the last page of all, and of a range.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let body = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  for hasVersions in [false, true] {
    var request = ListingPage.Request(
      prefix: [], after: ListingMark(), from: nil, end: nil, hasVersions: hasVersions,
      orders: .all)
    read(body, request)
    request.isFree = true
    read(body, request)
    let (after, end) = (Array("a/b".utf8), Array("logs/c".utf8))
    request = ListingPage.Request(
      prefix: Array("a".utf8), after: ListingMark(key: after), from: after + [0x30],
      end: ListingEnd(key: end, shared: 3), hasVersions: hasVersions, orders: .all)
    read(body, request)
  }
  return 0
}

private func read(_ body: [UInt8], _ request: ListingPage.Request) {
  guard let page = try? ListingPage(body, to: request) else { return }
  for row in page.rows { precondition(page.classes.indices.contains(row.storageClass)) }
  if let key = page.firstKey { precondition(key.starts(with: request.prefix)) }
  precondition(page.isLast || page.mark != request.after)
}
