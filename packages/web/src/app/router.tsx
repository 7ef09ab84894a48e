import {
  Navigate,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import type { Role } from "@sinetti/core";

import { NotYours } from "./NotYours.tsx";
import { Shell } from "./Shell.tsx";
import { Waiting } from "./Waiting.tsx";
import { screensOf } from "./screens.ts";

/** The routes of somebody with these roles; what is not theirs does not exist, and its address says so. */
export function makeRouter(roles: readonly Role[]) {
  const screens = screensOf(roles);
  // Who has no day of their own begins with the people.
  const first =
    screens.find(({ name }) => name === "today") ?? screens.find(({ name }) => name === "people");
  if (first === undefined) throw new TypeError("some screens are everybody's");
  const root = createRootRoute({
    component: Shell,
    notFoundComponent: () => <NotYours first={first} />,
  });
  const start = createRoute({
    getParentRoute: () => root,
    path: "/",
    component: () => <Navigate to={first.path} replace />,
  });
  const routes = screens.map(({ path, load }) =>
    createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) }),
  );
  return createRouter({
    routeTree: root.addChildren([start, ...routes]),
    defaultPendingComponent: Waiting,
    defaultPreload: "intent",
    scrollRestoration: true,
  });
}
