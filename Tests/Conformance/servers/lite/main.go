// An API server made of the k8s.io libraries alone, for tests of clients: wire format, storage, watches, patches, field
// validation, discovery and custom resources are what the libraries do in every Kubernetes of their version. There is
// no defaulting and no validation of the built-in kinds, no RBAC, no aggregation and no controller.
package main

import (
	"context"
	"log"
	"os"
	"reflect"
	"strings"

	"github.com/spf13/pflag"
	crdserver "k8s.io/apiextensions-apiserver/pkg/apiserver"
	crdoptions "k8s.io/apiextensions-apiserver/pkg/cmd/server/options"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	apinames "k8s.io/apiserver/pkg/endpoints/openapi"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	apiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/storage/names"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	"k8s.io/apiserver/pkg/util/openapi"
	kubescheme "k8s.io/client-go/kubernetes/scheme"

	definitions "lite/openapi"
)

// What is served: plural and kind; `cluster` for what lives in no namespace.
type resource struct {
	plural, kind string
	cluster      bool
}

type group struct {
	schema.GroupVersion
	resources []resource
}

func in(groupVersion, list string) group {
	gv, err := schema.ParseGroupVersion(groupVersion)
	if err != nil {
		log.Fatal(err)
	}
	g := group{GroupVersion: gv}
	for _, word := range strings.Fields(list) {
		plural, kind, _ := strings.Cut(word, ":")
		g.resources = append(g.resources, resource{plural, strings.TrimSuffix(kind, "*"), strings.HasSuffix(kind, "*")})
	}
	return g
}

var groups = []group{
	in("v1", "namespaces:Namespace* nodes:Node* persistentvolumes:PersistentVolume* pods:Pod services:Service configmaps:ConfigMap "+
		"secrets:Secret serviceaccounts:ServiceAccount persistentvolumeclaims:PersistentVolumeClaim endpoints:Endpoints events:Event "+
		"limitranges:LimitRange resourcequotas:ResourceQuota replicationcontrollers:ReplicationController podtemplates:PodTemplate"),
	in("apps/v1", "deployments:Deployment replicasets:ReplicaSet statefulsets:StatefulSet daemonsets:DaemonSet controllerrevisions:ControllerRevision"),
	in("batch/v1", "jobs:Job cronjobs:CronJob"),
	in("networking.k8s.io/v1", "ingresses:Ingress ingressclasses:IngressClass* networkpolicies:NetworkPolicy"),
	in("policy/v1", "poddisruptionbudgets:PodDisruptionBudget"),
	in("autoscaling/v2", "horizontalpodautoscalers:HorizontalPodAutoscaler"),
	in("rbac.authorization.k8s.io/v1", "roles:Role rolebindings:RoleBinding clusterroles:ClusterRole* clusterrolebindings:ClusterRoleBinding*"),
	in("storage.k8s.io/v1", "storageclasses:StorageClass* csidrivers:CSIDriver* csinodes:CSINode*"),
	in("scheduling.k8s.io/v1", "priorityclasses:PriorityClass*"),
	in("coordination.k8s.io/v1", "leases:Lease"),
	in("discovery.k8s.io/v1", "endpointslices:EndpointSlice"),
	in("admissionregistration.k8s.io/v1", "validatingwebhookconfigurations:ValidatingWebhookConfiguration* "+
		"mutatingwebhookconfigurations:MutatingWebhookConfiguration* validatingadmissionpolicies:ValidatingAdmissionPolicy* "+
		"validatingadmissionpolicybindings:ValidatingAdmissionPolicyBinding*"),
	in("node.k8s.io/v1", "runtimeclasses:RuntimeClass*"),
}

// member is a field of an object's struct, such as Spec; invalid when there is none.
func member(object runtime.Object, name string) reflect.Value {
	return reflect.ValueOf(object).Elem().FieldByName(name)
}

func hasStatus(object runtime.Object) bool {
	return member(object, "Spec").IsValid() && member(object, "Status").IsValid()
}

// behaviour is what all kinds share: spec and status are written apart, and the generation counts changes of the spec.
type behaviour struct {
	runtime.ObjectTyper
	names.NameGenerator
	namespaced, writesStatus bool
}

func (b behaviour) NamespaceScoped() bool { return b.namespaced }

func (b behaviour) PrepareForCreate(_ context.Context, object runtime.Object) {
	if hasStatus(object) {
		member(object, "Status").SetZero()
		setGeneration(object, 1)
	}
}

func (b behaviour) PrepareForUpdate(_ context.Context, object, old runtime.Object) {
	if !hasStatus(object) {
		return
	}
	kept := "Status"
	if b.writesStatus {
		kept = "Spec"
	}
	member(object, kept).Set(member(old, kept))
	if !reflect.DeepEqual(member(object, "Spec").Interface(), member(old, "Spec").Interface()) {
		if before, err := meta.Accessor(old); err == nil {
			setGeneration(object, before.GetGeneration()+1)
		}
	}
}

func setGeneration(object runtime.Object, generation int64) {
	if accessor, err := meta.Accessor(object); err == nil {
		accessor.SetGeneration(generation)
	}
}

func (behaviour) Validate(context.Context, runtime.Object) field.ErrorList               { return nil }
func (behaviour) ValidateUpdate(context.Context, runtime.Object, runtime.Object) field.ErrorList {
	return nil
}
func (behaviour) WarningsOnCreate(context.Context, runtime.Object) []string { return nil }
func (behaviour) WarningsOnUpdate(context.Context, runtime.Object, runtime.Object) []string {
	return nil
}
func (behaviour) Canonicalize(runtime.Object)    {}
func (behaviour) AllowCreateOnUpdate() bool      { return false }
func (behaviour) AllowUnconditionalUpdate() bool { return true }

// statusOnly is the subresource `status` of a store.
type statusOnly struct{ store *registry.Store }

func (s statusOnly) New() runtime.Object { return s.store.New() }
func (s statusOnly) Destroy()            {}
func (s statusOnly) Get(ctx context.Context, name string, options *metav1.GetOptions) (runtime.Object, error) {
	return s.store.Get(ctx, name, options)
}
func (s statusOnly) Update(ctx context.Context, name string, info rest.UpdatedObjectInfo, create rest.ValidateObjectFunc,
	update rest.ValidateObjectUpdateFunc, _ bool, options *metav1.UpdateOptions) (runtime.Object, bool, error) {
	return s.store.Update(ctx, name, info, create, update, false, options)
}

// install serves one group.
func install(server *apiserver.GenericAPIServer, scheme *runtime.Scheme, g group, etcd storagebackend.Config) error {
	codecs := serializer.NewCodecFactory(scheme)
	served := map[string]rest.Storage{}
	for _, r := range g.resources {
		one, err := scheme.New(g.WithKind(r.kind))
		if err != nil {
			return err
		}
		list, err := scheme.New(g.WithKind(r.kind + "List"))
		if err != nil {
			return err
		}
		// Servers work on an internal version of each kind; here it is the same as the served one.
		hub := schema.GroupVersion{Group: g.Group, Version: runtime.APIVersionInternal}
		scheme.AddKnownTypeWithName(hub.WithKind(r.kind), one)
		scheme.AddKnownTypeWithName(hub.WithKind(r.kind+"List"), list)
		make := func(of runtime.Object) func() runtime.Object {
			kind := reflect.TypeOf(of).Elem()
			return func() runtime.Object { return reflect.New(kind).Interface().(runtime.Object) }
		}
		config := etcd
		config.Codec = codecs.LegacyCodec(g.GroupVersion)
		name := g.WithResource(r.plural).GroupResource()
		rules := behaviour{scheme, names.SimpleNameGenerator, !r.cluster, false}
		store := &registry.Store{
			NewFunc: make(one), NewListFunc: make(list), DefaultQualifiedResource: name,
			SingularQualifiedResource: schema.GroupResource{Group: g.Group, Resource: strings.ToLower(r.kind)},
			CreateStrategy:            rules, UpdateStrategy: rules, DeleteStrategy: rules,
			TableConvertor: rest.NewDefaultTableConvertor(name),
		}
		if err := store.CompleteWithOptions(&generic.StoreOptions{RESTOptions: generic.RESTOptions{
			StorageConfig: config.ForResource(name), Decorator: registry.StorageWithCacher(), DeleteCollectionWorkers: 1,
			ResourcePrefix: "/" + strings.Trim(g.Group+"/"+r.plural, "/"),
		}}); err != nil {
			return err
		}
		served[r.plural] = store
		if hasStatus(one) {
			of := *store
			of.UpdateStrategy = behaviour{scheme, names.SimpleNameGenerator, !r.cluster, true}
			served[r.plural+"/status"] = statusOnly{&of}
		}
	}
	info := apiserver.NewDefaultAPIGroupInfo(g.Group, scheme, runtime.NewParameterCodec(scheme), codecs)
	info.PrioritizedVersions = []schema.GroupVersion{g.GroupVersion}
	info.VersionedResourcesStorageMap[g.Version] = served
	if g.Group == "" {
		return server.InstallLegacyAPIGroup("/api", &info)
	}
	return server.InstallAPIGroup(&info)
}

func serve() error {
	// The server of custom resources is a whole API server; the built-in kinds are added to it.
	options := crdoptions.NewCustomResourceDefinitionsServerOptions(os.Stdout, os.Stderr)
	flags := pflag.NewFlagSet(os.Args[0], pflag.ExitOnError)
	options.AddFlags(flags)
	if err := flags.Parse(os.Args[1:]); err != nil {
		return err
	}
	for _, step := range []func() error{options.ServerRunOptions.ComponentGlobalsRegistry.Set, options.Complete, options.Validate} {
		if err := step(); err != nil {
			return err
		}
	}
	config, err := options.Config()
	if err != nil {
		return err
	}
	scheme := runtime.NewScheme()
	if err := kubescheme.AddToScheme(scheme); err != nil {
		return err
	}
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	described := openapi.GetOpenAPIDefinitionsWithoutDisabledFeatures(definitions.GetOpenAPIDefinitions)
	called := apinames.NewDefinitionNamer(crdserver.Scheme, scheme)
	config.GenericConfig.OpenAPIConfig = apiserver.DefaultOpenAPIConfig(described, called)
	config.GenericConfig.OpenAPIConfig.Info.Title = "lite"
	config.GenericConfig.OpenAPIV3Config = apiserver.DefaultOpenAPIV3Config(described, called)
	completed := config.Complete()
	completed.GenericConfig.EnableDiscovery = true
	server, err := completed.New(apiserver.NewEmptyDelegate())
	if err != nil {
		return err
	}
	etcd := options.RecommendedOptions.Etcd.StorageConfig
	etcd.Prefix = "/registry"
	for _, g := range groups {
		if err := install(server.GenericAPIServer, scheme, g, etcd); err != nil {
			return err
		}
	}
	return server.GenericAPIServer.PrepareRun().RunWithContext(apiserver.SetupSignalContext())
}

func main() {
	if err := serve(); err != nil {
		log.Fatal(err)
	}
}
