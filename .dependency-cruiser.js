/**
 * Who may import whom: the table of rooms. A folder's name is a permission; type imports count. What errors mean is
 * common to all, so every room but `graph` may import `contract` too.
 */
const rooms = {
  contract: [],
  geometry: [],
  graph: [],
  runtime: ['graph'],
  stn: ['graph', 'geometry'],
  imaging: ['geometry', 'runtime', 'stn'],
  features: ['geometry', 'imaging', 'runtime', 'graph', 'stn'],
  learn: ['stn', 'features', 'runtime', 'graph', 'geometry'],
  datasets: ['geometry'],
  store: ['geometry'],
  compute: ['geometry', 'graph', 'runtime', 'stn', 'imaging', 'features', 'learn', 'datasets'],
  engine: ['store', 'datasets', 'compute', 'geometry'],
  cli: ['engine'],
};

/** Rooms beside `core`: the window and the desktop shell see only what is pure. */
const outerRooms = {
  renderer: ['contract', 'geometry'],
  electron: ['contract'],
};

/** Packages with exactly one room that may import them; packing the program renders its icons, apart from what runs. */
const owners = {
  'onnxruntime-node': 'core/runtime',
  sharp: '(core/imaging|electron/packaging)',
  'better-sqlite3': 'core/store',
  electron: 'electron',
};

const roomRules = Object.entries(rooms).map(([room, may]) => ({
  name: `${room}-keeps-to-its-imports`,
  severity: 'error',
  from: { path: `^core/${room}/` },
  to: {
    path: '^(core|test|electron|renderer)/',
    pathNot: `^core/(${[room, ...may, ...(room === 'graph' ? [] : ['contract'])].join('|')})/`,
  },
}));

const outerRules = Object.entries(outerRooms).map(([room, may]) => ({
  name: `${room}-keeps-to-its-imports`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: '^(core|test|electron|renderer)/', pathNot: `^(${room}|core/(${may.join('|')}))/` },
}));

const ownerRules = Object.entries(owners).map(([name, room]) => ({
  name: `only-${room.replaceAll(/core\/|[()]/g, '').replace(/\|.*/, '')}-imports-${name}`,
  severity: 'error',
  from: { path: '^(core|electron|renderer)/', pathNot: `^${room}/` },
  to: { path: `^node_modules/${name}/` },
}));

export default {
  forbidden: [
    ...roomRules,
    ...outerRules,
    ...ownerRules,
    {
      name: 'pure-rooms-see-no-node',
      severity: 'error',
      from: {
        path: '^(core/(geometry|contract|graph)|renderer)/',
        pathNot: '^renderer/(vite\\.config|list-files)\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-engine-computes-nothing-itself',
      comment: 'What computes runs in workers: the engine takes its types, the protocol and the supervisor.',
      severity: 'error',
      from: { path: '^core/(engine|cli)/' },
      to: {
        path: '^core/(compute|learn|features|imaging|runtime|stn|graph)/',
        pathNot: '^core/compute/(supervisor/|protocol\\.ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'the-supervisor-computes-nothing-itself',
      severity: 'error',
      from: { path: '^core/compute/(supervisor/|protocol\\.ts$|error-data\\.ts$)' },
      to: {
        path: '^core/(compute|learn|features|imaging|runtime|stn|graph|datasets)/',
        pathNot: '^core/(compute/(supervisor/|protocol\\.ts$|error-data\\.ts$)|imaging/sniff\\.ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^core/' }, to: {} },
    {
      name: 'the-program-does-not-import-tests',
      severity: 'error',
      from: { path: '^(core|renderer|electron)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-packages-in-core',
      severity: 'error',
      from: { path: '^core/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
