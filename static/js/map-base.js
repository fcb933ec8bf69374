// The map under the marks: land, lakes and rivers from a file of this site, and tiles over them
// where a tile server is configured.
const MapBase = (() => {
  // TopoJSON: arcs in steps from point to point. Leaflet wants latitude before longitude.
  function decoded(topology) {
    const { scale, translate } = topology.transform;
    const arcs = topology.arcs.map((arc) => {
      let x = 0;
      let y = 0;
      return arc.map(([dx, dy]) => {
        x += dx;
        y += dy;
        return [y * scale[1] + translate[1], x * scale[0] + translate[0]];
      });
    });
    return (name) => {
      const { type, arcs: shapes } = topology.objects[name];
      if (type === "MultiLineString") return shapes.map(([arc]) => arcs[arc]);
      return shapes.map((polygon) => polygon.map(([arc]) => arcs[arc]));
    };
  }

  // Below everything else, deaf to the pointer; colours come from the style sheet, by class.
  function draw(map, topology) {
    const layer = decoded(topology);
    map.createPane("base").style.zIndex = 150;
    const renderer = L.svg({ pane: "base", padding: 0.3 });
    const look = { renderer, pane: "base", interactive: false, stroke: true, weight: 1 };
    L.polygon(layer("land"), { ...look, className: "land", smoothFactor: 1.2 }).addTo(map);
    L.polygon(layer("lakes"), { ...look, className: "water" }).addTo(map);
    L.polyline(layer("rivers"), { ...look, className: "river", smoothFactor: 1.2 }).addTo(map);
  }

  const escaped = (text) => Object.assign(document.createElement("i"), { textContent: text }).innerHTML;

  async function add(map, data) {
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution(escaped(data.texts.credit));
    if (data.tiles) {
      const credit = escaped(data.tiles.credit);
      L.tileLayer(data.tiles.address, { attribution: credit, maxZoom: 19 }).addTo(map);
    }
    const answer = await fetch(data.base);
    if (!answer.ok) throw new Error(`${answer.status} ${data.base}`);
    draw(map, await answer.json());
  }

  return { add };
})();
