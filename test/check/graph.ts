/**
 * Directed graphs with labelled edges, as far as the search for anomalies needs them: strongly connected components (Tarjan's
 * algorithm without recursion, since histories are long) and shortest paths between two nodes under a rule about labels.
 */

export interface Edge<Label> {
  readonly from: number;
  readonly to: number;
  readonly label: Label;
}

export class Graph<Label> {
  private readonly out = new Map<number, Edge<Label>[]>();

  /** Edges of a node to itself say nothing and are left out. */
  add(from: number, to: number, label: Label): void {
    if (from === to) return;
    const list = this.out.get(from);
    if (list === undefined) this.out.set(from, [{ from, to, label }]);
    else list.push({ from, to, label });
  }

  edgesOf(node: number): readonly Edge<Label>[] {
    return this.out.get(node) ?? [];
  }

  nodes(): readonly number[] {
    return [...this.out.keys()];
  }

  /** Components of more than one node, over the edges that `follow` accepts. */
  components(follow: (label: Label) => boolean): readonly ReadonlySet<number>[] {
    const order = new Map<number, number>();
    const low = new Map<number, number>();
    const stack: number[] = [];
    const onStack = new Set<number>();
    const found: Set<number>[] = [];
    for (const root of this.out.keys()) {
      if (order.has(root)) continue;
      const frames: { readonly node: number; next: number }[] = [];
      const enter = (node: number): void => {
        order.set(node, order.size);
        low.set(node, order.get(node)!);
        stack.push(node);
        onStack.add(node);
        frames.push({ node, next: 0 });
      };
      enter(root);
      while (frames.length > 0) {
        const frame = frames[frames.length - 1]!;
        const edge = this.edgesOf(frame.node)[frame.next++];
        if (edge !== undefined) {
          if (!follow(edge.label)) continue;
          if (!order.has(edge.to)) enter(edge.to);
          else if (onStack.has(edge.to)) low.set(frame.node, Math.min(low.get(frame.node)!, order.get(edge.to)!));
          continue;
        }
        frames.pop();
        const { node } = frame;
        const parent = frames[frames.length - 1]?.node;
        if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(node)!));
        if (low.get(node) !== order.get(node)) continue;
        const component = new Set<number>();
        for (let member = -1; member !== node;) {
          member = stack.pop()!;
          onStack.delete(member);
          component.add(member);
        }
        if (component.size > 1) found.push(component);
      }
    }
    return found;
  }

  /**
   * The shortest way from `edge.to` back to `edge.from` inside `within`, with `edge` in front: a cycle. `follow` sees each label
   * with the one before it (the first with that of `edge`) and may refuse; `close` judges the last label of the cycle.
   */
  cycleThrough(
    edge: Edge<Label>,
    within: ReadonlySet<number>,
    follow: (label: Label, previous: Label) => boolean,
    close: (last: Label) => boolean = () => true,
  ): readonly Edge<Label>[] | undefined {
    // What may follow depends on the label before, so a place is a node together with the label that led there.
    interface Step {
      readonly edge: Edge<Label>;
      readonly before: Step | undefined;
    }
    let wave: Step[] = [{ edge, before: undefined }];
    const seen = new Map<number, Set<Label>>();
    while (wave.length > 0) {
      const following: Step[] = [];
      for (const step of wave) {
        if (step.edge.to === edge.from && close(step.edge.label)) {
          const path: Edge<Label>[] = [];
          for (let at: Step | undefined = step; at !== undefined; at = at.before) path.push(at.edge);
          return path.reverse();
        }
        for (const next of this.edgesOf(step.edge.to)) {
          if (!within.has(next.to) || !follow(next.label, step.edge.label)) continue;
          let labels = seen.get(next.to);
          if (labels === undefined) seen.set(next.to, (labels = new Set()));
          if (labels.has(next.label)) continue;
          labels.add(next.label);
          following.push({ edge: next, before: step });
        }
      }
      wave = following;
    }
    return undefined;
  }
}
