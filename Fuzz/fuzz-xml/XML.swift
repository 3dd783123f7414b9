import InvText

/// Reads a document and the values of all its elements.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let root = try? XML.parse(text) else { return 0 }
  var waiting = [root]
  var seen = 0
  while let element = waiting.popLast() {
    seen += 1
    precondition(element.bytes.count <= count && !element.name.isEmpty)
    waiting += element.children
  }
  precondition(seen * 4 <= count)
  return 0
}
