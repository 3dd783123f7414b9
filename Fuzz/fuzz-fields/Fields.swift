import InvBytes
import InvFormat

/// Decodes lines of text: what is read comes back as the same bytes, and every header parser takes
/// whatever they say.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard let fields = try? Fields(decoding: bytes) else { return 0 }
  precondition(fields.encoded == bytes)
  if let schema = try? ObjectSchema(fields) {
    precondition(schema.header.all("column") == fields.all("column"))
  }
  if let schema = try? PrefixSchema(fields) {
    let again = try? PrefixSchema(schema.header(try? RunMark(fields)))
    precondition(again == schema)
  }
  if let audit = try? Audit(fields) {
    var written = Fields()
    audit.write(to: &written)
    precondition((try? Audit(written)) == audit)
  }
  return 0
}
