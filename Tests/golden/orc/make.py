"""Writes the files of this folder: `make.py cpp` with pyorc and pyarrow, `make.py java` with pyspark.

The same rows go into every file of a table, so that one text holds what all of them must give.
"""
import datetime, struct, sys, zoneinfo

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1)
FLAT = ('struct<id:bigint,b:boolean,i8:tinyint,i16:smallint,i32:int,f:float,d:double,s:string,w:string,'
        'vc:varchar(12),ch:char(4),bin:binary,dt:date,ts:timestamp,ti:timestamp with local time zone,'
        'dec:decimal(12,3),li:array<int>,st:struct<x:int,y:string>,mp:map<string,int>,last:string>')
NAMES = 'id b i8 i16 i32 f d s w vc ch bin dt ts ti dec li st mp last'.split()
NESTED = {'dec', 'li', 'st', 'mp'}
WORDS = ['STANDARD', 'GLACIER', 'DEEP_ARCHIVE', '', 'käse\t\\']


def flat(count):
    """Rows of every type; times are wall clock."""
    rows = []
    for i in range(count):
        hash = (i * 2654435761) & 0xffffffff
        nanos = [0, 500_000_000, 123_000_000, 1_000, 999_999_999, 7][i % 6]
        time = (EPOCH + datetime.timedelta(days=(i * 211) % 40000 - 12000, seconds=hash % 86399), nanos)
        rows.append([
            None if i % 50 == 49 else i * 1000 - 7 if i < 60 else (1 << 62) - hash * i,
            None if i % 7 == 3 else hash & 8 == 8,
            i % 256 - 128 if i % 9 else 5,
            None if i < 20 else hash % 60000 - 30000,
            i % 100 if i % 40 else 1 << 29,
            None if i % 4 == 2 else i / 8 - 3,
            hash / 7 if i % 5 else float('inf'),
            None if i % 5 == 1 else 'key/%08x/%d' % (hash, i),
            None if i % 3 == 1 else WORDS[hash % 5],
            'v%d' % (i % 30), 'c%03d' % (i % 1000),
            None if i % 6 == 5 else struct.pack('>I', hash)[:i % 5],
            None if i % 8 == 7 else datetime.date(1970, 1, 1) + datetime.timedelta(days=i * 97 - 9000),
            None if i % 11 == 10 else time,
            None if i % 13 == 12 else time,
            i * 1001, [i, i + 1][:i % 3], (i, 'y%d' % i), {'k%d' % (i % 4): i},
            None if i % 2 else 'last%d' % i,
        ])
    return rows


def escaped(value):
    return value.replace(b'\\', b'\\\\').replace(b'\t', b'\\t').replace(b'\n', b'\\n')


def cell(value):
    if value is None: return b'\\N'
    if isinstance(value, (bool, int)): return b'%d' % value
    if isinstance(value, float): return b'%x' % struct.unpack('<Q', struct.pack('<d', value))[0]
    if isinstance(value, tuple):
        seconds = (value[0] - EPOCH) // datetime.timedelta(seconds=1)
        return b'%d.%09d' % (seconds, value[1])
    if isinstance(value, datetime.date): return b'%d.000000000' % ((value - EPOCH.date()).days * 86400)
    return escaped(value if isinstance(value, bytes) else value.encode())


def text(name, rows, names):
    kept = [place for place, column in enumerate(names) if column not in NESTED]
    with open(name, 'wb') as file:
        for row in rows: file.write(b'\t'.join(cell(row[place]) for place in kept) + b'\n')


def zoned():
    """Wall-clock times around changes of clocks, before and after 1970 and 2015."""
    walls = ['2015-01-01 00:00:00', '2014-12-31 23:59:59', '2026-03-29 03:30:00', '2026-03-29 01:30:00',
             '2026-07-01 12:00:00', '2026-11-01 00:30:00', '2026-12-31 23:59:59', '1969-12-31 12:00:00',
             '1950-06-01 01:02:03', '1970-06-01 00:00:00', '2045-07-01 06:07:08', '2045-01-01 06:07:08']
    return [[(datetime.datetime.fromisoformat(wall), [0, 250_000_000, 999_999][i % 3])]
            for i, wall in enumerate(walls)]


ZONES = ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata', 'Australia/Lord_Howe']


def cpp():
    import decimal, pyarrow, pyorc
    from pyarrow import orc

    class Time(pyorc.converters.ORCConverter):
        """Times of nanoseconds, which datetime does not have."""
        @staticmethod
        def from_orc(seconds, nanoseconds, zone): raise NotImplementedError
        @staticmethod
        def to_orc(value, zone):
            instant = value[0].replace(tzinfo=zone)
            return (instant - EPOCH.replace(tzinfo=UTC)) // datetime.timedelta(seconds=1), value[1]

    times = {pyorc.TypeKind.TIMESTAMP: Time}

    def write(name, schema, rows, times=times, **options):
        with open(name, 'wb') as file:
            with pyorc.Writer(file, schema, converters=times, **options) as writer:
                for row in rows: writer.write(tuple(row))

    class Instant(Time):
        @staticmethod
        def to_orc(value, zone): return Time.to_orc(value, UTC)

    times[pyorc.TypeKind.TIMESTAMP_INSTANT] = Instant
    rows = flat(120)
    text('flat.txt', rows, NAMES)
    native = [list(row) for row in rows]
    for row in native: row[15] = decimal.Decimal(row[15]) / 1000
    for codec in pyorc.CompressionKind:
        if codec.name == 'LZO': continue
        write('flat-pyorc-%s.orc' % codec.name.lower(), FLAT, native, compression=codec)
    write('flat-pyorc-words.orc', FLAT, native, compression=pyorc.CompressionKind.ZLIB, dict_key_size_threshold=1.0,
          compression_strategy=pyorc.CompressionStrategy.COMPRESSION, compression_block_size=1024, memory_block_size=1024,
          bloom_filter_columns=['s', 'id'])

    def column(place, type):
        values = [row[place] for row in rows]
        if pyarrow.types.is_timestamp(type):
            values = [None if v is None else (v[0] - EPOCH) // datetime.timedelta(seconds=1) * 10**9 + v[1] for v in values]
            return pyarrow.array(values, pyarrow.int64()).cast(type)
        if NAMES[place] == 'mp': values = [list(v.items()) for v in values]
        if NAMES[place] == 'st': values = [{'x': v[0], 'y': v[1]} for v in values]
        if NAMES[place] == 'dec': values = [decimal.Decimal(v) / 1000 for v in values]
        return pyarrow.array(values, type)

    p = pyarrow
    types = [p.int64(), p.bool_(), p.int8(), p.int16(), p.int32(), p.float32(), p.float64(), p.string(), p.string(), p.string(),
             p.string(), p.binary(), p.date32(), p.timestamp('ns'), p.timestamp('ns', 'UTC'), p.decimal128(12, 3), p.list_(p.int32()),
             p.struct([('x', p.int32()), ('y', p.string())]), p.map_(p.string(), p.int32()), p.string()]
    table = pyarrow.table([column(place, type) for place, type in enumerate(types)], names=NAMES)
    for version in ['0.11', '0.12']:
        for words in [0, 1]:
            orc.write_table(table, 'flat-arrow-%s%s.orc' % (version, '-words' if words else ''), file_version=version,
                            dictionary_key_size_threshold=words, compression='zlib')

    text('zones.txt', zoned(), ['ts'])
    for zone in ZONES:
        write('zones-pyorc-%s.orc' % zone.split('/')[-1], 'struct<ts:timestamp>', zoned(), timezone=zoneinfo.ZoneInfo(zone))

    many = pyarrow.table({'id': range(800), 's': ['p%d/%d' % (i // 7, i) for i in range(800)]})
    orc.write_table(many, 'stripes-arrow.orc', compression='uncompressed', stripe_size=2048, batch_size=64)
    write('refused-root.orc', 'array<int>', [], times=None)
    write('empty-pyorc.orc', 'struct<id:int,s:string>', [])
    write('nothing-pyorc.orc', 'struct<id:int,s:string,ts:timestamp>', [[None, None, None]] * 9)
    text('nothing.txt', [[None, None, None]] * 9, ['id', 's', 'ts'])


def java():
    from pyspark.sql import SparkSession
    spark = SparkSession.builder.master('local[1]').config('spark.ui.enabled', 'false').getOrCreate()
    from py4j.java_gateway import set_field
    jvm = spark._jvm
    spark.sparkContext._gateway._gateway_client.gateway_property.auto_field = True
    orc, vector = jvm.org.apache.orc, jvm.org.apache.hadoop.hive.ql.exec.vector

    def zone(name): jvm.java.util.TimeZone.setDefault(jvm.java.util.TimeZone.getTimeZone(name))

    def timestamp(value):
        stamp = jvm.java.sql.Timestamp.valueOf(value[0].strftime('%Y-%m-%d %H:%M:%S'))
        stamp.setNanos(value[1])
        return stamp

    def fill(column, kind, place, value):
        if value is None:
            column.isNull[place] = True
            set_field(column, 'noNulls', False)
        elif kind == 'timestamp': column.set(place, timestamp(value))
        elif kind == 'timestamp with local time zone':
            zone('UTC')
            column.set(place, timestamp(value))
        elif kind == 'date': column.vector[place] = (value - EPOCH.date()).days
        elif kind == 'decimal': column.set(place, jvm.org.apache.hadoop.hive.common.type.HiveDecimal.create('%d.%03d' % divmod(value, 1000)))
        elif kind in ('array', 'map'):
            column.offsets[place], column.lengths[place] = column.childCount, len(value)
            for item in value.items() if kind == 'map' else value:
                if kind == 'map':
                    fill(column.keys, 'string', column.childCount, item[0])
                    fill(column.values, 'int', column.childCount, item[1])
                else: fill(column.child, 'int', column.childCount, item)
                set_field(column, 'childCount', column.childCount + 1)
        elif kind == 'struct':
            fill(column.fields[0], 'int', place, value[0])
            fill(column.fields[1], 'string', place, value[1])
        elif isinstance(value, (str, bytes)):
            column.setVal(place, bytearray(value.encode() if isinstance(value, str) else value))
        else: column.vector[place] = int(value) if isinstance(value, bool) else value

    def write(name, schema, rows, zoned='UTC', **options):
        zone(zoned)
        path = jvm.org.apache.hadoop.fs.Path('file://' + sys.path[0] + '/' + name)
        jvm.java.io.File(sys.path[0] + '/' + name).delete()
        type = orc.TypeDescription.fromString(schema)
        settings = orc.OrcFile.writerOptions(spark.sparkContext._jsc.hadoopConfiguration()).setSchema(type)
        for option, value in options.items(): settings = getattr(settings, option)(*(value if isinstance(value, tuple) else (value,)))
        writer = orc.OrcFile.createWriter(path, settings)
        batch = type.createRowBatch(256)
        kinds = [kind.getCategory().getName() for kind in type.getChildren()]
        for start in range(0, len(rows), 250):
            for row in rows[start:start + 250]:
                for column, kind, value in zip(batch.cols, kinds, row): fill(column, kind, batch.size, value)
                set_field(batch, 'size', batch.size + 1)
            zone(zoned)
            writer.addRowBatch(batch)
            batch.reset()
        writer.close()
        jvm.java.io.File(sys.path[0] + '/.' + name + '.crc').delete()

    rows = flat(120)
    kinds, versions = orc.CompressionKind, orc.OrcFile.Version
    for codec in [kinds.NONE, kinds.ZLIB, kinds.SNAPPY, kinds.LZ4, kinds.ZSTD]:
        write('flat-java-%s.orc' % codec.toString().lower(), FLAT, rows, compress=codec, bufferSize=256 << 10)
    write('flat-java-0.11.orc', FLAT, rows, compress=kinds.ZLIB, version=versions.V_0_11)
    write('flat-java-bloom.orc', FLAT, rows, compress=kinds.LZ4, bufferSize=1024, bloomFilterColumns='w,id', rowIndexStride=1000)
    write('refused-lzo.orc', 'struct<id:int>', [[i] for i in range(9)], compress=kinds.LZO)
    write('refused-future.orc', 'struct<id:int>', [[i] for i in range(9)], version=versions.UNSTABLE_PRE_2_0)
    keys = orc.InMemoryKeystore().addKey('secret', getattr(orc, 'EncryptionAlgorithm').AES_CTR_128, bytearray(16))
    write('encrypted-java.orc', 'struct<id:int,s:string,last:string>', [[i, 's%d' % i, 'l%d' % i] for i in range(9)],
          setKeyProvider=keys, encrypt='secret:s')
    text('encrypted.txt', [[i, 'l%d' % i] for i in range(9)], ['id', 'last'])
    for name in ZONES + ['GMT+02:00']:
        write('zones-java-%s.orc' % name.split('/')[-1].replace(':', ''), 'struct<ts:timestamp>', zoned(), name)


if __name__ == '__main__': {'cpp': cpp, 'java': java}[sys.argv[1]]()
